package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;

class CredentialsTest {
    @TempDir
    Path folder;

    private static String header(String uri, Map<String, String> environment) {
        return Credentials.of(TrackingAddress.of(uri), environment).header().orElse("none");
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private void credentialsFile(String text) throws IOException {
        Files.createDirectories(folder.resolve(".mlflow"));
        Files.writeString(folder.resolve(".mlflow/credentials"), text);
    }

    @Test
    void areTakenFromWhereMlflowsOwnClientTakesThem() throws IOException {
        credentialsFile("""
                # made by hand
                [other]
                mlflow_tracking_username = wrong
                [mlflow]
                MLFLOW_tracking_username = file-user
                ; a comment
                mlflow_tracking_password: 50%%=x
                """);
        Map<String, String> environment = new TreeMap<>(Map.of("MLFLOW_TRACKING_TOKEN", "t"));
        assertThat(header("http://h", environment)).isEqualTo("Bearer t");
        environment.put("HOME", folder.toString());
        assertThat(header("http://h", environment)).isEqualTo(basic("file-user:50%=x"));
        environment.put("MLFLOW_TRACKING_USERNAME", "env-user");
        assertThat(header("http://h", environment)).isEqualTo(basic("env-user:50%=x"));
        environment.put("MLFLOW_TRACKING_PASSWORD", "env");
        assertThat(header("http://h", environment)).isEqualTo(basic("env-user:env"));
        assertThat(header("http://a:b@h", environment)).isEqualTo(basic("a:b"));
    }

    @Test
    void areNoneWithoutAny() throws IOException {
        credentialsFile("nothing of use\n[mlflow]\nmlflow_tracking_username = alone\n");
        assertThat(header("http://h", Map.of("HOME", folder.toString()))).isEqualTo("none");
        assertThat(header("http://h", Map.of("HOME", "/nowhere", "MLFLOW_TRACKING_TOKEN", "")))
                .isEqualTo("none");
    }

    @Test
    void areNowhereInWhatIsShownOrKept() throws IOException {
        String password = "s3cr3t ^1";
        String token = Base64.getEncoder().encodeToString(("anna:" + password).getBytes(StandardCharsets.UTF_8));
        List<String> notices = Collections.synchronizedList(new ArrayList<>());
        try (FakeMlflow mlflow = new FakeMlflow()) {
            Map<String, String> environment =
                    Map.of("MLFLOW_TRACKING_URI", mlflow.uri().replace("//", "//anna:" + password + "@"));
            String echo = "user anna, password " + password + ", header Basic " + token + ", form s3cr3t+%5E1";
            try (Tracker tracker = Tracker.open(environment, folder.resolve("mlruns"), folder, notices::add)) {
                ActiveRun run = tracker.startRun(RunSpec.of("shortcut", "p"), folder.resolve("results/p"));
                mlflow.answer(
                        path -> path.endsWith("log-batch"),
                        400,
                        Json.line(Map.of("error_code", "INVALID_PARAMETER_VALUE", "message", echo)));
                run.metric("loss", 1, 1);
                tracker.flush(Duration.ofSeconds(20));
                mlflow.answer(path -> true, 500, echo);
                run.end(RunStatus.FAILED);
                assertThatThrownBy(() -> tracker.query().experiments())
                        .isInstanceOf(LabException.class)
                        .hasMessageContaining("***")
                        .hasMessageNotContainingAny("s3cr3t", token);
            }
            assertThat(mlflow.authorizations).contains("POST Basic " + token);
        }
        assertThat(notices).isNotEmpty().allSatisfy(line -> assertThat(line).doesNotContain("s3cr3t", token));
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file)
                            .content(StandardCharsets.ISO_8859_1)
                            .doesNotContain("s3cr3t", token));
        }
        assertThat(Credentials.of(TrackingAddress.of("http://anna:s3cr3t@h"), Map.of()))
                .asString()
                .doesNotContain("s3cr3t");
    }

    @Test
    void aHostMayHaveAnUnderscore() {
        try (FakeMlflow mlflow = new FakeMlflow()) {
            // No resolver is asked for it here: what the server hears shows what was made of the name.
            String uri = mlflow.uri().replace("127.0.0.1", "no_such_host");
            assertThatThrownBy(() -> Tracker.open(
                            Map.of("MLFLOW_TRACKING_URI", uri), folder.resolve("mlruns"), folder, notice -> {}))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining(uri)
                    .hasMessageContaining("unknown");
        }
    }
}
