package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** MLflow as teams have it: on PostgreSQL, behind user names and passwords. */
@Tag("crash")
class PostgresTest {
    private static final String ADMIN = "s3cr3t-of-the-admin";
    private static final String READER = "s3cr3t-of-the-reader";

    @TempDir
    static Path folder;

    private static Postgres postgres;
    private static MlflowProcess mlflow;

    @BeforeAll
    static void start() throws Exception {
        postgres = Postgres.start();
        mlflow = MlflowProcess.start(
                        folder,
                        ServerPython.get(),
                        postgres.uri(),
                        Map.of("MLFLOW_FLASK_SERVER_SECRET_KEY", "of this test", "MLFLOW_AUTH_ADMIN_PASSWORD", ADMIN),
                        List.of("--app-name", "basic-auth"))
                .as("admin", ADMIN);
        HttpRequest user = HttpRequest.newBuilder(URI.create(mlflow.uri() + "/api/2.0/mlflow/users/create"))
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("admin:" + ADMIN).getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"username\": \"reader\", \"password\": \"" + READER + "\"}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(user, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (mlflow != null) {
            mlflow.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> kills() {
        Kills kills = new Kills(mlflow);
        return Stream.of(Kills.Kind.PROGRAM, Kills.Kind.INTERRUPT, Kills.Kind.REMOTE)
                .map(kind -> CrashCase.of("PostgreSQL: " + kind, () -> {
                    Story story = new Story("postgres-" + kind.name());
                    kills.hit(story, false, List.of(kind));
                }));
    }

    /** Who may only read is told so; what was computed arrives when somebody may write. */
    @TestFactory
    Stream<DynamicTest> aUserWithoutPermission() {
        return Stream.of(CrashCase.of("PostgreSQL: a user without permission", () -> {
            Story story = new Story("postgres-reader");
            try (Checkout first = Checkout.make(story, "guarded");
                    Checkout checkout = Checkout.make(story, "guarded")) {
                LabProcess owner = first.run("guarded", mlflow.environment()); // makes the experiment, as the admin's
                Processes.await(() -> Processes.files(first.runs("guarded")) > 3 || !owner.alive(), 300_000);
                owner.kill();
                int before = mlflow.store().runs("guarded").size();
                LabProcess program = checkout.run(
                        "guarded",
                        Map.of(
                                "MLFLOW_TRACKING_URI",
                                mlflow.uri(),
                                "MLFLOW_TRACKING_USERNAME",
                                "reader",
                                "MLFLOW_TRACKING_PASSWORD",
                                READER));
                program.await(story);
                ServerFaultTest.polite(story, program);
                assertThat(program.errors()).contains("ermission");
                assertThat(mlflow.store().runs("guarded")).hasSize(before);
                checkout.finish("guarded", mlflow.environment());
                first.finish("guarded", mlflow.environment());
                secretsStaySecret(checkout, READER, ADMIN);
                secretsStaySecret(first, READER, ADMIN);
                first.passed();
                checkout.passed();
            }
        }));
    }

    /** With and without an error, in the address and in the environment. */
    @TestFactory
    Stream<DynamicTest> credentialsInTheAddress() {
        return Stream.of(
                        "admin:" + ADMIN + "@127.0.0.1",
                        "admin:" + ADMIN + "^1@127.0.0.1",
                        "admin:" + ADMIN + "%@127.0.0.1")
                .map(part -> CrashCase.of("PostgreSQL: address with " + part.replace(ADMIN, "..."), () -> {
                    Story story = new Story("postgres-address-" + Math.floorMod(part.hashCode(), 1000));
                    try (Checkout checkout = Checkout.make(story, story.name())) {
                        LabProcess program = checkout.run(
                                story.name(), Map.of("MLFLOW_TRACKING_URI", "http://" + part + ":" + mlflow.port()));
                        int code = program.await(story);
                        secretsStaySecret(checkout, ADMIN);
                        assertThat(code)
                                .as("exit code\n%s\n%s", story, program.said())
                                .isIn(0, 1, 2);
                        checkout.finish(story.name(), mlflow.environment());
                        new Oracle(story).check(checkout, story.name(), mlflow.store());
                        checkout.passed();
                    }
                }));
    }

    /** No file below the checkout, what the programs said included, and no run holds a password. */
    private static void secretsStaySecret(Checkout checkout, String... secrets) throws IOException {
        try (Stream<Path> all = Files.walk(checkout.root())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (String secret : secrets) {
                    assertThat(text.contains(secret))
                            .as("a password in %s", file)
                            .isFalse();
                }
            }
        }
    }
}
