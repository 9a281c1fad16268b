package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code lab} where nothing is set up, in a folder whose name needs quoting. */
@DisabledOnOs(OS.WINDOWS)
class LabScriptTest {
    private static final Path HELP = Path.of("src/main/resources/replklab/cli/help.txt");

    @TempDir
    private Path folder;

    private Path checkout;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void copy() throws IOException {
        checkout = folder.resolve("my check'out");
        Files.createDirectories(checkout.resolve(HELP).getParent());
        Files.createDirectories(checkout.resolve("src/main"));
        Files.copy(HELP, checkout.resolve(HELP));
        Files.copy(Path.of("src/main/jvm.options"), checkout.resolve("src/main/jvm.options"));
        // No machine has this JDK.
        String script = Files.readString(Path.of("lab")).replace("JDK_VERSION=25", "JDK_VERSION=999");
        Files.writeString(checkout.resolve("lab"), script);
    }

    @Test
    void helpNeedsNothing() throws Exception {
        for (List<String> arguments : List.of(List.of("help"), List.of("--help"), List.<String>of())) {
            Result result = lab(checkout.resolve("lab"), arguments);
            assertThat(result.code()).isZero();
            assertThat(result.out()).isEqualTo(Files.readString(HELP));
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void worksThroughSymbolicLinks() throws Exception {
        Path first = Files.createSymbolicLink(checkout.resolve("first link"), Path.of("lab"));
        Path second = Files.createSymbolicLink(folder.resolve("second link"), first);
        assertThat(lab(second, List.of("help")).out()).isEqualTo(Files.readString(HELP));
    }

    @Test
    void withoutTheJdkItSaysHowToGetIt() throws Exception {
        Result result = lab(checkout.resolve("lab"), List.of("run"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("RepLK Lab needs a JDK 999")
                .contains("Found instead: ")
                .contains("conda env create -f environment.yml")
                .contains("apt install openjdk-999-jdk")
                .contains("sdk install java");
    }

    private Result lab(Path script, List<String> arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(arguments);
        int code = builder.start().waitFor();
        return new Result(
                code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
