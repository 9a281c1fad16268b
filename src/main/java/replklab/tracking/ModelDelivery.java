package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import replklab.base.Digests;
import replklab.tracking.MlflowApi.ServerRun;

/**
 * Brings models to MLflow: as a logged model of its own (MLflow 3), with the run that made it, its parameters and its metrics, and
 * on wish as a version of a registered model. A server that knows no logged models gets the same files among the run's artifacts,
 * as MLflow 2 keeps its models. Every step first looks whether an earlier attempt arrived, so telling twice does no harm.
 */
final class ModelDelivery {
    private static final int MOST_PARAMS = 100;
    private static final String CONTEXT = "mlflow.data.context";
    private static final String ABOUT = "replklab.description_sha256";

    private final Rest rest;
    private final Upload upload;

    /** Puts a file below an artifact URI. */
    @FunctionalInterface
    interface Upload {
        void put(String root, String path, Path file) throws MlflowUnreachable, MlflowRefused;
    }

    ModelDelivery(Rest rest, Upload upload) {
        this.rest = rest;
        this.upload = upload;
    }

    /** @param folder the run's, below which the model's files lie */
    void deliver(ServerRun run, Event.Model event, Path folder) throws MlflowUnreachable, MlflowRefused {
        JsonNode known = Expected.same(
                        rest.ask("GET", "runs/get?run_id=" + run.id(), null), "/run/info/run_id", run.id())
                .path("run");
        Optional<JsonNode> logged = logged(run, event, known);
        String name = event.model().name();
        if (logged.isEmpty()) {
            String root = run.artifactUri() + "/" + name;
            put(root, event, folder, "run_id: " + run.id() + "\nartifact_path: " + name + "\n");
            register(event, run, root, "");
            return;
        }
        String id = Expected.text(logged.get(), "/info/model_id");
        String root = Expected.text(logged.get(), "/info/artifact_uri");
        put(
                root,
                event,
                folder,
                "run_id: %s\nartifact_path: %s\nmodel_uuid: %s\nmodel_id: %s\n".formatted(run.id(), root, id, id));
        link(run, id, event, known);
        Expected.same(
                rest.ask("PATCH", "logged-models/" + id, Map.of("model_id", id, "status", "LOGGED_MODEL_READY")),
                "/model/info/model_id",
                id);
        register(event, run, "models:/" + id, id);
    }

    /** The model on the server, made if there is none yet; empty if the server knows no logged models. */
    private Optional<JsonNode> logged(ServerRun run, Event.Model event, JsonNode known)
            throws MlflowUnreachable, MlflowRefused {
        try {
            Optional<JsonNode> found = find(run, event.key());
            return found.isPresent() ? found : Optional.of(create(run, event, known));
        } catch (MlflowRefused e) {
            if (e.lacking()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** What an experiment is about, unless somebody has written something else there. */
    void describe(String experimentId, String description) throws MlflowUnreachable, MlflowRefused {
        JsonNode tags = Expected.same(
                        rest.ask("GET", "experiments/get?experiment_id=" + experimentId, null),
                        "/experiment/experiment_id",
                        experimentId)
                .at("/experiment/tags");
        String before = value(tags, RunTags.DESCRIPTION);
        boolean ours = before.isEmpty() || digest(before).equals(value(tags, ABOUT));
        if (ours && !before.equals(description)) {
            tagExperiment(experimentId, ABOUT, digest(description));
            tagExperiment(experimentId, RunTags.DESCRIPTION, description);
        }
    }

    private static String digest(String text) {
        return Digests.of(text);
    }

    void tagExperiment(String experimentId, String key, String value) throws MlflowUnreachable, MlflowRefused {
        Expected.nothing(rest.ask(
                "POST",
                "experiments/set-experiment-tag",
                Map.of("experiment_id", experimentId, "key", key, "value", value)));
    }

    private Optional<JsonNode> find(ServerRun run, String key) throws MlflowUnreachable, MlflowRefused {
        JsonNode found = rest.ask(
                "POST",
                "logged-models/search",
                Map.of(
                        "experiment_ids",
                        List.of(run.experimentId()),
                        "filter",
                        "tags.`" + RunTags.KEY + "` = '" + key + "'",
                        "max_results",
                        1));
        return stream(Expected.array(found, "models")).findFirst();
    }

    private JsonNode create(ServerRun run, Event.Model event, JsonNode known) throws MlflowUnreachable, MlflowRefused {
        LoggedModel model = event.model();
        Map<String, String> tags = new LinkedHashMap<>(model.tags());
        tags.put(RunTags.KEY, event.key());
        List<Map<String, String>> params = stream(known.at("/data/params"))
                .limit(MOST_PARAMS)
                .map(param ->
                        pair(param.path("key").asText(), param.path("value").asText()))
                .toList();
        return rest.ask(
                        "POST",
                        "logged-models",
                        Map.of(
                                "experiment_id", run.experimentId(),
                                "name", model.name(),
                                "model_type", model.type(),
                                "source_run_id", run.id(),
                                "params", params,
                                "tags", pairs(tags)))
                .path("model");
    }

    /** Uploads the files, the card last: with it the folder is a model. */
    private void put(String root, Event.Model event, Path folder, String ids) throws MlflowUnreachable, MlflowRefused {
        String inside = "/" + event.model().name() + "/";
        Optional<String> card = Optional.empty();
        for (String file : event.files()) {
            String path = file.substring(file.indexOf(inside) + inside.length());
            if (path.equals(LoggedModel.CARD)) {
                card = Optional.of(file);
            } else {
                upload.put(root, path, folder.resolve(file));
            }
        }
        if (card.isPresent()) {
            putCard(root, folder.resolve(card.get()), ids);
        }
    }

    /** The card with the ids that only the server could give. */
    private void putCard(String root, Path card, String ids) throws MlflowUnreachable, MlflowRefused {
        try {
            Path whole = Files.createTempFile("replklab", LoggedModel.CARD);
            try {
                Files.writeString(whole, Files.readString(card), StandardCharsets.UTF_8);
                Files.writeString(whole, ids, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
                upload.put(root, LoggedModel.CARD, whole);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (MlflowUnreachable e) {
            throw e;
        } catch (IOException e) {
            throw new MlflowRefused("cannot read " + card + ": " + e.getMessage(), e);
        }
    }

    /** Makes the model an output of the run, and the run's last metrics those of the model. */
    private void link(ServerRun run, String id, Event.Model event, JsonNode known)
            throws MlflowUnreachable, MlflowRefused {
        boolean linked = stream(known.at("/outputs/model_outputs"))
                .anyMatch(output -> output.path("model_id").asText().equals(id));
        if (!linked) { // MLflow refuses a second one
            Expected.nothing(rest.ask(
                    "POST",
                    "runs/outputs",
                    Map.of("run_id", run.id(), "models", List.of(Map.of("model_id", id, "step", 0)))));
        }
        Optional<JsonNode> data = stream(known.at("/inputs/dataset_inputs"))
                .filter(input ->
                        value(input.path("tags"), CONTEXT).equals(event.model().evaluatedOn()))
                .map(input -> input.path("dataset"))
                .findFirst();
        List<Map<String, Object>> metrics = new ArrayList<>();
        for (JsonNode metric : known.at("/data/metrics")) {
            if (event.model().metrics().contains(metric.path("key").asText())) {
                Map<String, Object> of = new LinkedHashMap<>(); // the same point once more is no second one
                metric.properties().forEach(field -> of.put(field.getKey(), field.getValue()));
                of.putIfAbsent("step", 0);
                of.put("model_id", id);
                data.ifPresent(dataset -> {
                    of.put("dataset_name", dataset.path("name"));
                    of.put("dataset_digest", dataset.path("digest"));
                });
                metrics.add(of);
            }
        }
        if (!metrics.isEmpty()) {
            Expected.nothing(rest.ask("POST", "runs/log-batch", Map.of("run_id", run.id(), "metrics", metrics)));
        }
    }

    /** @param id of the logged model, empty where the server knows none */
    private void register(Event.Model event, ServerRun run, String source, String id)
            throws MlflowUnreachable, MlflowRefused {
        String name = event.model().register();
        if (name.isEmpty() || isRegistered(name, source)) {
            return;
        }
        try {
            Expected.same(
                    rest.ask("POST", "registered-models/create", Map.of("name", name)), "/registered_model/name", name);
        } catch (MlflowRefused e) {
            // It exists already; what else may be wrong, the next request meets, too.
            Expected.same(
                    rest.ask("GET", "registered-models/get?name=" + Rest.encoded(name), null),
                    "/registered_model/name",
                    name);
        }
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("name", name);
        version.put("source", source);
        version.put("run_id", run.id());
        version.put("tags", pairs(event.model().tags()));
        if (!id.isEmpty()) {
            version.put("model_id", id);
        }
        Expected.same(rest.ask("POST", "model-versions/create", version), "/model_version/name", name);
    }

    private boolean isRegistered(String name, String source) throws MlflowUnreachable, MlflowRefused {
        String filter = Rest.encoded("name = '" + name.replace("'", "''") + "'");
        String token = "";
        do {
            JsonNode page = rest.ask(
                    "GET", "model-versions/search?max_results=1000&filter=" + filter + "&page_token=" + token, null);
            if (stream(Expected.array(page, "model_versions"))
                    .anyMatch(version -> version.path("source").asText().equals(source))) {
                return true;
            }
            token = Rest.encoded(page.path("next_page_token").asText(""));
        } while (!token.isEmpty());
        return false;
    }

    private static List<Map<String, String>> pairs(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> pair(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Map<String, String> pair(String key, String value) {
        return Map.of("key", key, "value", value);
    }

    private static String value(JsonNode tags, String key) {
        return stream(tags)
                .filter(tag -> tag.path("key").asText().equals(key))
                .map(tag -> tag.path("value").asText())
                .findFirst()
                .orElse("");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
