package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Somebody deletes a run in MLflow while it goes on: the page has it all the same, the other runs notice nothing. */
@Tag("crash")
class DeletedRunsTest extends BesideOneServer {
    @TestFactory
    Stream<DynamicTest> othersGoOn() {
        return Stream.of(
                CrashCase.of("a run is deleted", () -> delete("deleted", false)),
                CrashCase.of("a run is deleted and purged", () -> delete("purged", true)));
    }

    private static void delete(String name, boolean purge) throws Exception {
        Story story = new Story(name);
        try (Checkout checkout = Checkout.make(story, name)) {
            LabProcess program = checkout.run(name, mlflow.environment());
            Optional<MlflowRun> doomed = Optional.empty();
            while (doomed.isEmpty() && program.alive()) {
                doomed = mlflow.store().runs(name).stream()
                        .filter(run -> !run.plan().isEmpty() && run.status().equals("RUNNING"))
                        .findFirst();
            }
            assertThat(doomed).as("a run that goes on\n%s", story).isPresent();
            delete(doomed.get().id());
            if (purge) {
                purge(doomed.get().id());
            }
            story.tell(name + " in MLflow: " + doomed.get().plan());
            assertThat(program.await(story))
                    .as("exit code\n%s\n%s", story, program.said())
                    .isZero();
            ServerFaultTest.polite(story, program);
            LabProcess again = checkout.finish(name, mlflow.environment());
            ServerFaultTest.polite(story, again);
            assertThat(again.errors())
                    .as("a second call promises nothing\n%s", story)
                    .doesNotContain("next start", "tries again");
            new Oracle(story).without(doomed.get().plan()).check(checkout, name, mlflow.store());
            checkout.passed();
        }
    }

    private static void delete(String id) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(mlflow.uri() + "/api/2.0/mlflow/runs/delete"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"run_id\": \"" + id + "\"}"))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private static void purge(String id) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        LabProcess.python().toString(),
                        "-m",
                        "mlflow",
                        "gc",
                        "--backend-store-uri",
                        mlflow.store().database(),
                        "--artifacts-destination",
                        mlflow.store().artifacts().toString(),
                        "--run-ids",
                        id)
                .inheritIO();
        builder.environment().put("MLFLOW_TRACKING_URI", mlflow.uri());
        assertThat(builder.start().waitFor()).isZero();
    }
}
