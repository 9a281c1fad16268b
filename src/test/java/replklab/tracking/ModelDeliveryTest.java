package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;
import replklab.tracking.MlflowApi.ServerRun;

/** Models arrive once, whatever answer is lost, and on servers that know no logged models, too. */
class ModelDeliveryTest {
    private static final ServerRun RUN = new ServerRun("r1", "7", "mlflow-artifacts:/7/r1/artifacts", false);
    private static final LoggedModel MODEL = new LoggedModel(
            "classifier", "classification", List.of("accuracy"), "test", "tiny", Map.of("size", "small"));
    private static final Event.Model EVENT = new Event.Model(
            "key/classifier", MODEL, List.of("artifacts/classifier/MLmodel", "artifacts/classifier/model.onnx"));

    @TempDir
    Path folder;

    private final Server server = new Server();
    private final Map<String, String> files = new TreeMap<>();

    /** As much of MLflow as has to do with models. */
    private static final class Server implements Rest {
        private static final ObjectMapper JSON = new ObjectMapper();
        private final ArrayNode models = JSON.createArrayNode();
        private final ArrayNode outputs = JSON.createArrayNode();
        private final ArrayNode versions = JSON.createArrayNode();
        private final List<JsonNode> metrics = new ArrayList<>();
        private final Map<String, String> experimentTags = new TreeMap<>();
        private final List<String> changes = new ArrayList<>();
        private boolean registered;
        private boolean old;
        private int loseChange = -1;
        private int asked;
        private int spoil = -1;

        @Override
        public JsonNode ask(String method, String path, Object body) throws MlflowUnreachable, MlflowRefused {
            JsonNode json = JSON.valueToTree(body);
            asked++;
            if (asked - 1 == spoil) { // it has not reached MLflow
                return JSON.createObjectNode().put("status", "ok");
            }
            JsonNode answer = answer(path.replaceAll("[?].*", ""), json);
            if (!method.equals("GET") && !path.endsWith("search")) {
                changes.add(path);
                if (changes.size() - 1 == loseChange) {
                    throw new MlflowUnreachable(
                            MlflowUnreachable.Kind.AWAY, "the answer is lost", new java.io.IOException("lost"));
                }
            }
            return answer;
        }

        private JsonNode answer(String path, JsonNode body) throws MlflowRefused {
            if (old && path.contains("logged-models")) {
                throw new MlflowRefused(MlflowRefused.Kind.LACKING, "it has no " + path);
            }
            ObjectNode answer = JSON.createObjectNode();
            switch (path) {
                case "runs/get" -> answer.set("run", run());
                case "logged-models/search" -> answer.set("models", models);
                case "logged-models" -> {
                    ObjectNode model = JSON.createObjectNode();
                    model.putObject("info")
                            .put("model_id", "m-" + models.size())
                            .put("artifact_uri", "mlflow-artifacts:/7/models/m-" + models.size() + "/artifacts");
                    model.set("asked", body);
                    models.add(model);
                    answer.set("model", model);
                }
                case "runs/outputs" -> {
                    if (!outputs.isEmpty()) {
                        throw new MlflowRefused("BAD_REQUEST: there already");
                    }
                    outputs.addAll((ArrayNode) body.path("models"));
                }
                case "runs/log-batch" -> body.path("metrics").forEach(metrics::add);
                case "registered-models/create" -> {
                    if (registered) {
                        throw new MlflowRefused("RESOURCE_ALREADY_EXISTS: tiny");
                    }
                    registered = true;
                    answer.putObject("registered_model").put("name", "tiny");
                }
                case "registered-models/get" ->
                    answer.putObject("registered_model").put("name", "tiny");
                case "model-versions/search" -> answer.set("model_versions", versions);
                case "model-versions/create" -> {
                    versions.add(body);
                    answer.set("model_version", body);
                }
                case "experiments/get" -> {
                    ArrayNode tags = answer.putObject("experiment")
                            .put("experiment_id", "7")
                            .putArray("tags");
                    experimentTags.forEach(
                            (key, value) -> tags.addObject().put("key", key).put("value", value));
                }
                case "experiments/set-experiment-tag" ->
                    experimentTags.put(
                            body.path("key").asText(), body.path("value").asText());
                default -> {
                    assertThat(path).startsWith("logged-models/"); // its state
                    answer.putObject("model").putObject("info").put("model_id", path.substring(path.indexOf('/') + 1));
                }
            }
            return answer;
        }

        private ObjectNode run() {
            ObjectNode run = JSON.createObjectNode();
            run.putObject("info").put("run_id", "r1");
            ObjectNode data = run.putObject("data");
            data.putArray("params").addObject().put("key", "kernel").put("value", "3");
            ArrayNode points = data.putArray("metrics");
            points.addObject()
                    .put("key", "accuracy")
                    .put("value", 71.5)
                    .put("timestamp", 9)
                    .put("step", 2);
            points.addObject()
                    .put("key", "loss")
                    .put("value", "NaN")
                    .put("timestamp", 9)
                    .put("step", 8);
            ObjectNode input =
                    run.putObject("inputs").putArray("dataset_inputs").addObject();
            input.putArray("tags").addObject().put("key", "mlflow.data.context").put("value", "test");
            input.putObject("dataset").put("name", "images").put("digest", "d1");
            run.putObject("outputs").set("model_outputs", outputs);
            return run;
        }
    }

    @BeforeEach
    void writeFiles() throws IOException {
        Path model = Files.createDirectories(folder.resolve("artifacts/classifier"));
        Files.writeString(model.resolve("MLmodel"), "flavors: {}\n");
        Files.writeString(model.resolve("model.onnx"), "a network");
    }

    private ModelDelivery delivery() {
        return new ModelDelivery(server, (root, path, file) -> {
            try {
                files.put(root + "/" + path, Files.readString(file));
            } catch (IOException e) {
                throw new MlflowUnreachable(MlflowUnreachable.Kind.AWAY, "gone", e);
            }
        });
    }

    @Test
    void aModelIsMadeOnceWhateverAnswerIsLost() throws Exception {
        delivery().deliver(RUN, EVENT, folder);
        int changes = server.changes.size();
        assertThat(changes).isEqualTo(6);
        for (int lost = 0; lost < changes; lost++) {
            ModelDeliveryTest again = new ModelDeliveryTest();
            again.folder = folder;
            again.server.loseChange = lost;
            assertThatThrownBy(() -> again.delivery().deliver(RUN, EVENT, folder))
                    .as("change %d", lost)
                    .isInstanceOf(MlflowUnreachable.class);
            again.delivery().deliver(RUN, EVENT, folder);
            assertThat(again.server.models).as("models after change %d", lost).hasSize(1);
            assertThat(again.server.outputs).hasSize(1);
            assertThat(again.server.versions).hasSize(1);
            assertThat(again.server.metrics)
                    .as("the same point, however often")
                    .allMatch(point -> point.equals(again.server.metrics.getFirst()));
            assertThat(again.files).isEqualTo(files);
        }
    }

    @Test
    void aModelHasItsRunsNumbersAndSettings() throws Exception {
        delivery().deliver(RUN, EVENT, folder);
        JsonNode asked = server.models.get(0).path("asked");
        assertThat(asked.path("source_run_id").asText()).isEqualTo("r1");
        assertThat(asked.at("/params/0/key").asText()).isEqualTo("kernel");
        assertThat(asked.path("tags").findValuesAsText("value")).contains("small", "key/classifier");
        assertThat(server.metrics).singleElement().satisfies(point -> {
            assertThat(point.path("key").asText()).isEqualTo("accuracy");
            assertThat(point.path("value").asDouble()).isEqualTo(71.5);
            assertThat(point.path("step").asInt()).isEqualTo(2);
            assertThat(point.path("timestamp").asInt()).isEqualTo(9);
            assertThat(point.path("model_id").asText()).isEqualTo("m-0");
            assertThat(point.path("dataset_digest").asText()).isEqualTo("d1");
        });
        assertThat(server.versions.get(0).path("source").asText()).isEqualTo("models:/m-0");
        assertThat(files.get("mlflow-artifacts:/7/models/m-0/artifacts/MLmodel"))
                .startsWith("flavors: {}\n")
                .contains("model_id: m-0", "run_id: r1");
        assertThat(server.changes).contains("logged-models/m-0");
    }

    @Test
    void aServerWithoutLoggedModelsKeepsThemAmongTheRunsArtifacts() throws Exception {
        server.old = true;
        delivery().deliver(RUN, EVENT, folder);
        delivery().deliver(RUN, EVENT, folder);
        assertThat(files)
                .containsEntry("mlflow-artifacts:/7/r1/artifacts/classifier/model.onnx", "a network")
                .containsKey("mlflow-artifacts:/7/r1/artifacts/classifier/MLmodel");
        assertThat(server.versions)
                .singleElement()
                .satisfies(version -> assertThat(version.path("source").asText())
                        .isEqualTo("mlflow-artifacts:/7/r1/artifacts/classifier"));
    }

    @Test
    void aModelIsRegisteredOnlyOnWish() throws Exception {
        LoggedModel plain = new LoggedModel("classifier", "classification", List.of(), "test", "", Map.of());
        delivery().deliver(RUN, new Event.Model("key/classifier", plain, EVENT.files()), folder);
        assertThat(server.registered).isFalse();
        assertThat(server.versions).isEmpty();
        assertThat(server.metrics).isEmpty();
    }

    @Test
    void whatSomebodyWroteAboutAnExperimentStays() throws Exception {
        delivery().describe("7", "What is it?");
        assertThat(server.experimentTags).containsEntry(RunTags.DESCRIPTION, "What is it?");
        delivery().describe("7", "What is it now?");
        assertThat(server.experimentTags).containsEntry(RunTags.DESCRIPTION, "What is it now?");
        int changes = server.changes.size();
        delivery().describe("7", "What is it now?");
        assertThat(server.changes).hasSize(changes);
        server.experimentTags.put(RunTags.DESCRIPTION, "By hand.");
        delivery().describe("7", "What is it now?");
        assertThat(server.experimentTags).containsEntry(RunTags.DESCRIPTION, "By hand.");
    }

    @Test
    void namesAreThoseThatMlflowTakes() {
        for (String name : List.of("", "a/b", "a:b", "it's", "a\nb", "x".repeat(257))) {
            assertThatThrownBy(() -> LoggedModel.requireRegistrable(name))
                    .as(name)
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("is no name for a registered model");
        }
        LoggedModel.requireRegistrable("tiny net 2.0 (ours)");
        assertThatThrownBy(() -> new LoggedModel("a.b", "", List.of(), "", "", Map.of()))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("'a.b' is no name for a model");
    }

    /** A proxy's JSON in place of one answer: whichever it is, what it stands for has not happened, and is done again. */
    @Test
    void anAnswerOfSomebodyElseIsNoConfirmation() throws Exception {
        ModelDelivery whole = delivery();
        whole.deliver(RUN, EVENT, folder);
        int requests = server.asked;
        for (int spoilt = 0; spoilt < requests; spoilt++) {
            ModelDeliveryTest again = new ModelDeliveryTest();
            again.folder = folder;
            again.server.spoil = spoilt;
            try {
                again.delivery().deliver(RUN, EVENT, folder);
                assertThat(again.server.asked).as("request %d", spoilt).isGreaterThan(requests);
            } catch (MlflowUnreachable e) {
                assertThat(e).hasMessageContaining("not MLflow's");
                again.delivery().deliver(RUN, EVENT, folder);
            }
            assertThat(again.files).as("request %d", spoilt).isEqualTo(files);
            assertThat(again.server.models).isEqualTo(server.models);
            assertThat(again.server.outputs).isEqualTo(server.outputs);
            assertThat(again.server.versions).isEqualTo(server.versions);
            assertThat(again.server.metrics).containsAll(server.metrics);
        }
    }
}
