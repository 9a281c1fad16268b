package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code lab package} and its archive, of a small checkout with a JDK that only says what it was asked; {@code lab test} uses a real one. */
@EnabledOnOs(OS.LINUX)
class PackageScriptTest {
    private static final String JLINK = """
            #!/bin/bash
            while [[ $1 != --output ]]; do shift; done
            mkdir -p "$2/bin" "$2/lib"
            cp "$(dirname "$0")/java" "$2/bin/java"
            """;

    @TempDir
    private Path folder;

    private Path checkout;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void checkout() throws Exception {
        checkout = folder.resolve("check out");
        write("lab", Files.readString(Path.of("lab")).replace("JDK_VERSION=25", "JDK_VERSION=999"));
        write("pom.xml", "<project>\n  <version>7.8</version>\n</project>\n");
        write(".gitignore", "/target/\n/.lab/\n*.secret\n");
        write("src/main/jvm.options", "-Dflag=1\n");
        for (String file : List.of(
                "src/main/java/A.java",
                "src/main/resources/replklab/cli/help.txt",
                "src/kernels/B.java",
                ".mvn/maven.config",
                "experiments/one.yaml",
                "experiments/mine.secret",
                "data/images.gz",
                "notebooks/00.ipynb",
                "results/full/one/report.md",
                "docs/README.md",
                "README.md",
                "LICENSE",
                "requirements.txt",
                "requirements-peers.txt")) {
            write(file, file + "\n");
        }
        run("git", "init", "-q");
        run("git", "add", ".");
        run("git", "-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-q", "-m", "first");
        write(".lab/jdk/release", "JAVA_VERSION=\"999.0.1\"\n");
        program(".lab/jdk/bin/java", "#!/bin/bash\necho \"java $*\"; cat \"${1#@}\"\n");
        program(".lab/jdk/bin/javac", "#!/bin/bash\n");
        program(".lab/jdk/bin/jlink", JLINK);
        write("target/replk-lab.jar", "jar");
        program(".lab/jdk/bin/jar", "#!/bin/bash\nmkdir -p \"$(dirname \"$4\")\"; echo \"$3\" >\"$4\"\n");
        write("target/lib/pdfbox-1.jar", "library");
        write(".lab/built", "cpu\n");
    }

    @Test
    void theArchiveHoldsWhatOneNeedsAndIsTheSameAgain() throws Exception {
        Path archive = packed();
        assertThat(archive.getFileName().toString()).matches("replk-lab-7\\.8-linux-.*\\.tar\\.gz");
        Result listed = run("tar", "tzf", archive.toString());
        assertThat(listed.out().lines().map(name -> name.replaceFirst("replk-lab-7.8/", "")))
                .contains(
                        "lab",
                        "jdk/lib/fonts/LiberationSans-Regular.ttf",
                        "lib/pdfbox-1.jar",
                        "replk-lab.jar",
                        "experiments/one.yaml",
                        "data/images.gz")
                .contains("results/full/one/report.md", "notebooks/00.ipynb", "requirements.txt", "package.properties")
                .doesNotContain("experiments/mine.secret", "pom.xml", "src/kernels/B.java", ".lab/");
        byte[] once = Files.readAllBytes(archive);
        assertThat(Files.readAllBytes(packed())).isEqualTo(once);
    }

    /** On many nodes of one folder nobody builds, installs, or writes a file that another is reading. */
    @Test
    void oneOfManyProcessesUsesWhatIsThere() throws Exception {
        Path home = unpacked();
        Result early = archive(home, Map.of(), "run", "one", "--index", "3");
        assertThat(early.code()).isOne();
        assertThat(early.err()).contains("one of many processes builds none: ./lab setup does, once");
        assertThat(archive(home, Map.of(), "list").code()).isZero();
        Path arguments = home.resolve(".lab/java.args");
        Files.writeString(arguments, "# not written again\n" + Files.readString(arguments));
        for (List<String> part : List.of(
                List.of("run", "one", "--index", "3"),
                List.of("run", "one", "--index=0-3"),
                List.of("run", "one", "--collect", "--offline"))) {
            Result run = archive(home, Map.of("REPLKLAB_THREADS", "7"), part.toArray(String[]::new));
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .containsPattern(
                            "-XX:MaxDirectMemorySize=\\d+m -Dreplklab.threads=7 -Dreplklab.stderr=3 replklab.cli.Main run one --");
        }
        assertThat(arguments).content().startsWith("# not written again");
        assertThat(home.resolve(".venv")).doesNotExist();
    }

    @Test
    void anArchiveNeedsNeitherJavaNorMavenAndCanMove() throws Exception {
        Path home = unpacked();
        for (String place : List.of("first place", "second 'place")) {
            Path moved = Files.move(home, folder.resolve(place));
            home = moved;
            Result listed = archive(moved, Map.of(), "list");
            assertThat(listed.code()).as(listed.err()).isZero();
            assertThat(listed.err()).isEmpty();
            assertThat(listed.out())
                    .contains("replklab.cli.Main list")
                    .contains("-Dreplklab.home=" + moved)
                    .contains(moved + "/replk-lab.jar:" + moved + "/lib/*");
            assertThat(archive(moved, Map.of(), "help").out()).isEqualTo("src/main/resources/replklab/cli/help.txt\n");
        }
        for (String command : List.of("test", "docs", "package")) {
            Result refused = archive(home, Map.of(), command);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .startsWith("./lab " + command + " needs Maven")
                    .contains("archive");
        }
        Result cuda = archive(home, Map.of("REPLKLAB_BACKEND", "cuda"), "list");
        assertThat(cuda.code()).isEqualTo(2);
        assertThat(cuda.err()).startsWith("./lab list with REPLKLAB_BACKEND=cuda needs Maven");
        Path note = home.resolve("package.properties");
        Files.writeString(note, Files.readString(note).replaceFirst("system=.*", "system=macosx-arm64"));
        assertThat(archive(home, Map.of(), "list").err())
                .startsWith("This archive is for macosx-arm64, and this machine");
    }

    @Test
    void whereOneMayNotWriteOneWorksElsewhere() throws Exception {
        Path home = unpacked();
        Path work = folder.resolve("my work");
        Map<String, String> elsewhere = Map.of("REPLKLAB_WORK", work.toString());
        Result first = archive(home, elsewhere, "list");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).contains("-Dreplklab.home=" + work, work + "/replk-lab.jar:");
        assertThat(first.err()).isEqualTo("Working in " + work + ", since RepLK Lab lies in " + home + ".\n");
        assertThat(home.resolve(".lab")).doesNotExist();
        assertThat(work.resolve("data")).isSymbolicLink();
        Path own = work.resolve("experiments/one.yaml");
        assertThat(own).isRegularFile();
        Files.writeString(own, "mine");
        // A newer version somewhere else brings what is new, and leaves what is the user's.
        Path other = Files.move(home, folder.resolve("newer"));
        Files.writeString(other.resolve("experiments/two.yaml"), "new");
        assertThat(archive(other, elsewhere, "list").err()).startsWith("Working in ");
        assertThat(own).hasContent("mine");
        assertThat(work.resolve("experiments/two.yaml")).exists();
        assertThat(archive(other, elsewhere, "list").err()).isEmpty();
        Result refused = archive(other, Map.of("REPLKLAB_WORK", checkout.toString()), "list");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is something else than a folder to work in");
    }

    @Test
    void whatNoCommitHoldsIsPackedOnlyIfToldSo() throws Exception {
        assertThat(Files.readString(unpacked().resolve("package.properties"))).contains("dirty=false");
        write("experiments/new.yaml", "new");
        Result refused = lab("package");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("differs from commit", "?? experiments/new.yaml", "--allow-dirty");
        Result allowed = lab("package", "--allow-dirty");
        assertThat(allowed.code()).as(allowed.err()).isZero();
        assertThat(run("tar", "xzOf", allowed.out().strip(), "replk-lab-7.8/package.properties")
                        .out())
                .contains("dirty=true");
        assertThat(lab("package", "--fast").code()).isEqualTo(2);
    }

    @Test
    void withoutGitOrWithABrokenJlinkItSaysSo() throws Exception {
        program(".lab/jdk/bin/jlink", "#!/bin/bash\necho 'Error: no module'; exit 1\n");
        Result broken = lab("package");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out()).isEmpty();
        assertThat(broken.err()).contains("Error: no module", "jlink of the JDK in");
        Files.move(checkout.resolve(".git"), folder.resolve("away"));
        Result unknown = lab("package");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("An archive says which commit it is of");
    }

    private Path packed() throws Exception {
        Path output = folder.resolve("out put");
        Result result = lab("package", "--output", output.toString());
        assertThat(result.code()).as(result.err()).isZero();
        Path archive = Path.of(result.out().strip());
        assertThat(archive).exists().hasParent(output);
        assertThat(result.err()).contains("MiB, for linux-", "tar xzf " + archive.getFileName());
        return archive;
    }

    private Path unpacked() throws Exception {
        run("tar", "xzf", packed().toString(), "-C", folder.toString());
        return folder.resolve("replk-lab-7.8");
    }

    private Result lab(String... arguments) throws Exception {
        return run(command(checkout.resolve("lab"), arguments));
    }

    /** The archive's script where neither Java nor HOME is known. */
    private Result archive(Path home, Map<String, String> environment, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("env", "-i", "PATH=/usr/bin:/bin"));
        environment.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(List.of(command(home.resolve("lab"), command)));
        return run(all.toArray(String[]::new));
    }

    private static String[] command(Path script, String... arguments) {
        List<String> all = new ArrayList<>(List.of("bash", script.toString()));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    private Result run(String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(checkout.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("REPLKLAB_"));
        int code = builder.start().waitFor();
        return new Result(code, Files.readString(out), Files.readString(err));
    }

    private void write(String file, String text) throws IOException {
        Path path = checkout.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void program(String file, String text) throws IOException {
        write(file, text);
        assertThat(checkout.resolve(file).toFile().setExecutable(true)).isTrue();
    }
}
