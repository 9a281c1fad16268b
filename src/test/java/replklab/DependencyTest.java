package replklab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Maven project that depends on this build, as the README shows: {@code src/it/dependency}, with a layer and a data set of its
 * own. A local repository that holds this build alone stands before the user's.
 */
class DependencyTest {
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>replk-lab</artifactId>\\s*<version>([^<]+)</version>");

    @TempDir
    private Path folder;

    @Test
    void anotherProjectTrainsALayerOfItsOwn() throws Exception {
        String version = version();
        assertThat(Path.of("README.md")).content().contains("<version>" + version + "</version>");
        Path repository = install(version);
        Path project = copy(version);
        Path log = folder.resolve("log");
        int code = new ProcessBuilder(
                        Path.of("mvnw").toAbsolutePath().toString(),
                        "--batch-mode",
                        "--offline",
                        "-Dstyle.color=never",
                        "-Dmaven.repo.local=" + repository,
                        "-Dmaven.repo.local.tail=" + System.getProperty("replklab.repository"),
                        "test")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");
    }

    private static String version() throws IOException {
        Matcher matcher = VERSION.matcher(Files.readString(Path.of("pom.xml")));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    /** What {@code mvn install} does, without building again. */
    private Path install(String version) throws IOException {
        Path repository = folder.resolve("repository");
        Path place = Files.createDirectories(repository.resolve("org/replklab/replk-lab/" + version));
        Path jar = place.resolve("replk-lab-" + version + ".jar");
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        int code = tool.run(System.out, System.err, "--create", "--file=" + jar, "-C", "target/classes", ".");
        assertThat(code).isZero();
        Files.copy(Path.of("pom.xml"), place.resolve("replk-lab-" + version + ".pom"));
        return repository;
    }

    private Path copy(String version) throws IOException {
        Path from = Path.of("src/it/dependency");
        Path project = folder.resolve("project");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = project.resolve(from.relativize(file));
                Files.createDirectories(to.getParent());
                String text = Files.readString(file).replace("@replklab.version@", version);
                Files.writeString(to, text, StandardOpenOption.CREATE_NEW);
            }
        }
        return project;
    }
}
