package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import replklab.base.LabException;
import replklab.tracking.MlflowUnreachable.Kind;

/**
 * The requests to MLflow's REST interface. A connection that fails is tried a second time, before which the embedded server is
 * started again if it is gone. There are two kinds of failure: those that pass ({@link MlflowUnreachable}) and those that do not
 * ({@link MlflowRefused}); and what is answered counts as MLflow's only in MLflow's form.
 */
final class MlflowApi implements Rest, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PAGE = 1000;
    /** What makes something each time it arrives: its caller looks whether it did before it asks again. */
    private static final Set<String> ONLY_ONCE = Set.of("logged-models", "model-versions/create", "runs/outputs");

    private static final int HISTORY_PAGE = 25_000;
    private static final int RACES = 4;

    /** How often a sort of request must be refused, and nothing else, before it counts as one that the server lacks. */
    static final int REFUSALS = 8;

    private static final Pattern CONSTRAINT =
            Pattern.compile("IntegrityError|UniqueViolation|unique constraint", Pattern.CASE_INSENSITIVE);

    private final Endpoint endpoint;
    private final Transport transport;
    private final ArtifactStore artifacts;
    private final ModelDelivery models;
    private final Set<String> lacking;
    private final Duration limit;

    /** A run that the server knows. */
    record ServerRun(String id, String experimentId, String artifactUri, boolean deleted) {
        static ServerRun of(JsonNode info) {
            return new ServerRun(
                    info.path("run_id").asText(),
                    info.path("experiment_id").asText(),
                    info.path("artifact_uri").asText(),
                    MlflowApi.deleted(info));
        }
    }

    /** An experiment that the server knows. */
    record ServerExperiment(String id, boolean deleted) {}

    MlflowApi(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.transport = new Transport(endpoint);
        this.artifacts = new ArtifactStore(endpoint, transport);
        this.lacking = ConcurrentHashMap.newKeySet();
        this.limit = LIMIT;
        this.models = new ModelDelivery(this, this::upload);
    }

    private MlflowApi(MlflowApi patient, Duration limit) {
        this.endpoint = patient.endpoint;
        this.transport = patient.transport;
        this.artifacts = patient.artifacts;
        this.lacking = patient.lacking;
        this.limit = limit;
        this.models = patient.models;
    }

    /** The same for one who cannot wait: a request has this long, there is no second one, and no server is started for it. */
    MlflowApi within(Duration time) {
        return new MlflowApi(this, time);
    }

    ModelDelivery models() {
        return models;
    }

    /** How many requests were answered with something else than an error. */
    long answered() {
        return transport.answered();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether an MLflow server answers and lets us ask. */
    void probe() throws MlflowUnreachable, MlflowRefused {
        post("experiments/search", Map.of("max_results", 1));
    }

    /** The id of an experiment, made if there is none of that name. */
    String experimentId(String name) throws MlflowUnreachable, MlflowRefused {
        Optional<ServerExperiment> known = experiment(name);
        if (known.isEmpty()) {
            try {
                return Expected.text(post("experiments/create", Map.of("name", name)), "/experiment_id");
            } catch (MlflowRefused e) {
                known = experiment(name); // another process was first
                if (known.isEmpty()) {
                    throw e;
                }
            }
        }
        if (known.get().deleted()) {
            throw new MlflowRefused(
                    MlflowRefused.Kind.GONE,
                    "experiment '" + name + "' is deleted in MLflow: restore it on MLflow's page or with"
                            + " `mlflow experiments restore --experiment-id "
                            + known.get().id()
                            + "`, or take another name");
        }
        return known.get().id();
    }

    Optional<ServerExperiment> experiment(String name) throws MlflowUnreachable, MlflowRefused {
        try {
            JsonNode answer = get("experiments/get-by-name", Map.of("experiment_name", name));
            return Optional.of(new ServerExperiment(
                    Expected.text(answer, "/experiment/experiment_id"), deleted(answer.path("experiment"))));
        } catch (MlflowRefused e) {
            if (e.getMessage().startsWith("RESOURCE_DOES_NOT_EXIST")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Names of the experiments that are not deleted. */
    List<String> experimentNames() throws MlflowUnreachable, MlflowRefused {
        return pages("experiments/search", Map.of("max_results", PAGE), "experiments").stream()
                .map(experiment -> experiment.path("name").asText())
                .toList();
    }

    /**
     * All runs of an experiment that a filter in MLflow's language lets through.
     *
     * @param all deleted ones, too
     */
    List<JsonNode> search(String experimentId, String filter, boolean all) throws MlflowUnreachable, MlflowRefused {
        return pages(
                "runs/search",
                Map.of(
                        "experiment_ids",
                        List.of(experimentId),
                        "filter",
                        filter,
                        "run_view_type",
                        all ? "ALL" : "ACTIVE_ONLY",
                        "max_results",
                        PAGE,
                        "order_by",
                        List.of("attributes.start_time ASC")),
                "runs");
    }

    /** Every value of a metric. */
    List<JsonNode> history(String runId, String metric) throws MlflowUnreachable, MlflowRefused {
        List<JsonNode> points = new ArrayList<>();
        String token = "";
        do {
            Map<String, String> query = new LinkedHashMap<>(
                    Map.of("run_id", runId, "metric_key", metric, "max_results", Integer.toString(HISTORY_PAGE)));
            if (!token.isEmpty()) {
                query.put("page_token", token);
            }
            JsonNode page = get("metrics/get-history", query);
            page.path("metrics").forEach(points::add);
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());
        return points;
    }

    /** @throws MlflowRefused if the server knows no such run, or only as deleted */
    ServerRun run(String runId) throws MlflowUnreachable, MlflowRefused {
        JsonNode answer;
        try {
            answer = get("runs/get", Map.of("run_id", runId));
        } catch (MlflowRefused e) {
            throw e.getMessage().startsWith("RESOURCE_DOES_NOT_EXIST")
                    ? new MlflowRefused(MlflowRefused.Kind.GONE, "MLflow does not know the run " + runId + " any more")
                    : e;
        }
        return there(
                ServerRun.of(Expected.same(answer, "/run/info/run_id", runId).at("/run/info")));
    }

    /**
     * The run that carries this {@link RunTags#KEY}.
     *
     * @throws MlflowRefused if it is deleted
     */
    Optional<ServerRun> find(String experimentId, String key) throws MlflowUnreachable, MlflowRefused {
        List<ServerRun> runs = withKey(experimentId, key);
        Optional<ServerRun> active = runs.stream().filter(run -> !run.deleted()).findFirst();
        return active.isPresent() || runs.isEmpty() ? active : Optional.of(there(runs.getFirst()));
    }

    /**
     * Deletes the runs that carry this {@link RunTags#KEY} but for the one: a request to create the run of which nothing was heard
     * may arrive after it was made once more.
     */
    void deleteTwins(ServerRun one, String key) throws MlflowUnreachable, MlflowRefused {
        for (ServerRun twin : withKey(one.experimentId(), key)) {
            if (!twin.id().equals(one.id()) && !twin.deleted()) {
                post("runs/delete", Map.of("run_id", twin.id()));
            }
        }
    }

    /** Ends as killed what the server believes to go on of the runs that carry this {@link RunTags#KEY}. */
    void endAbandoned(String experimentId, String key) throws MlflowUnreachable, MlflowRefused {
        for (JsonNode run : search(experimentId, filter(key), false)) {
            if (run.at("/info/status").asText().equals(RunStatus.RUNNING.name())) {
                end(run.at("/info/run_id").asText(), RunStatus.KILLED, System.currentTimeMillis());
            }
        }
    }

    /** Puts runs below their parent that were made before the server knew it. */
    void adopt(ServerRun parent, String key) throws MlflowUnreachable, MlflowRefused {
        for (JsonNode run : search(parent.experimentId(), filter(RunTags.PARENT_KEY, key), true)) {
            boolean placed = StreamSupport.stream(run.at("/data/tags").spliterator(), false)
                    .anyMatch(tag -> tag.path("key").asText().equals(RunTags.PARENT));
            if (!placed) {
                place(run.at("/info/run_id").asText(), parent.id());
            }
        }
    }

    /** Puts a run below a parent. */
    void place(String runId, String parentRunId) throws MlflowUnreachable, MlflowRefused {
        log(runId, new LogBatch(List.of(), List.of(), List.of(new LogBatch.Text(RunTags.PARENT, parentRunId))));
    }

    private static String filter(String key) {
        return filter(RunTags.KEY, key);
    }

    private static String filter(String tag, String value) {
        return "tags.`" + tag + "` = '" + value + "'";
    }

    private List<ServerRun> withKey(String experimentId, String key) throws MlflowUnreachable, MlflowRefused {
        return search(experimentId, filter(key), true).stream()
                .map(run -> ServerRun.of(run.path("info")))
                .toList();
    }

    /**
     * Makes a run, in one attempt: who makes another one asks {@link #find} first, as the answer alone may have been lost.
     *
     * @param parentRunId empty for none
     */
    ServerRun create(String experimentId, Event.Create run, String parentRunId)
            throws MlflowUnreachable, MlflowRefused {
        List<LogBatch.Text> tags = new ArrayList<>();
        run.tags().forEach((key, value) -> tags.add(new LogBatch.Text(key, Names.cut(value, Names.LONGEST_TAG))));
        tags.add(new LogBatch.Text(RunTags.KEY, run.key()));
        if (!run.parent().isEmpty()) {
            tags.add(new LogBatch.Text(RunTags.PARENT_KEY, run.parent()));
        }
        if (!parentRunId.isEmpty()) {
            tags.add(new LogBatch.Text(RunTags.PARENT, parentRunId));
        }
        Map<String, Object> body =
                Map.of("experiment_id", experimentId, "run_name", run.name(), "start_time", run.start(), "tags", tags);
        return created(once("POST", "runs/create", Json.line(body), false));
    }

    void log(String runId, LogBatch batch) throws MlflowUnreachable, MlflowRefused {
        Map<String, Object> body =
                Map.of("run_id", runId, "metrics", batch.metrics(), "params", batch.params(), "tags", batch.tags());
        confirm(() -> post("runs/log-batch", body), runId);
    }

    /** Gives a run the {@link RunTags#KEY} that it has. */
    void tagAgain(ServerRun run, String key) throws MlflowUnreachable, MlflowRefused {
        LogBatch.Text tag = new LogBatch.Text(RunTags.KEY, key);
        log(run.id(), new LogBatch(List.of(), List.of(), List.of(tag)));
    }

    /** Gives an experiment a tag with its name. */
    void tagAgain(String experiment) throws MlflowUnreachable, MlflowRefused {
        models.tagExperiment(experimentId(experiment), RunTags.EXPERIMENT, experiment);
    }

    /** @throws MlflowRefused also if the server takes no data sets */
    void input(String runId, DatasetInput input) throws MlflowUnreachable, MlflowRefused {
        String digest = input.digest().substring(0, Math.min(36, input.digest().length()));
        Map<String, String> dataset = Map.of(
                "name", input.name(),
                "digest", digest,
                "source_type", "local",
                "source", Json.line(Map.of("uri", input.source())),
                "schema", input.schema(),
                "profile", input.profile());
        Map<String, Object> one =
                Map.of("tags", List.of(new LogBatch.Text("mlflow.data.context", input.context())), "dataset", dataset);
        optional("data sets", () -> {
            confirm(() -> postOptional("runs/log-inputs", Map.of("run_id", runId, "datasets", List.of(one))), runId);
            return runId;
        });
    }

    /** @throws MlflowRefused also if the server takes no files */
    void artifact(ServerRun run, Event.Artifact artifact, Path file) throws MlflowUnreachable, MlflowRefused {
        upload(run.artifactUri(), artifact.path(), file);
    }

    private void upload(String root, String path, Path file) throws MlflowUnreachable, MlflowRefused {
        optional(
                "files",
                () -> twice(() -> {
                    try {
                        artifacts.put(root, path, file);
                        return file;
                    } catch (MlflowUnreachable e) {
                        if (e.kind() != Kind.BARRED) {
                            throw e;
                        }
                        // Files alone, or everything? It is asked about something else then.
                        throw new MlflowRefused(MlflowRefused.Kind.LACKING, e.getMessage());
                    }
                }));
    }

    void end(String runId, RunStatus status, long time) throws MlflowUnreachable, MlflowRefused {
        update(Map.of("run_id", runId, "status", status.name(), "end_time", time));
    }

    /** Marks an ended run as running again. */
    void resume(String runId) throws MlflowUnreachable, MlflowRefused {
        update(Map.of("run_id", runId, "status", RunStatus.RUNNING.name()));
    }

    /**
     * Any request with a body, below {@code /api/2.0/mlflow/}.
     *
     * @param body what {@link Json} makes a JSON object of
     * @return the answer, a JSON object; whether it is the right one is for the caller to see
     */
    JsonNode post(String path, Object body) throws MlflowUnreachable, MlflowRefused {
        return twice(() -> once("POST", path, Json.line(body), false));
    }

    /** As {@link #post}, for what some servers lack: then the refusal is {@link MlflowRefused.Kind#LACKING}. */
    JsonNode postOptional(String path, Object body) throws MlflowUnreachable, MlflowRefused {
        return twice(() -> once("POST", path, Json.line(body), true));
    }

    @Override
    public void close() {
        transport.close();
    }

    /** A request about models, which MLflow 2 knows only in part, and some servers not at all. */
    @Override
    public JsonNode ask(String method, String path, Object body) throws MlflowUnreachable, MlflowRefused {
        String sent = body == null ? "" : Json.line(body);
        Optional<String> sort = sort(path);
        Attempt<JsonNode> request = () -> once(method, path, sent, sort.isPresent());
        Attempt<JsonNode> repeated = ONLY_ONCE.contains(path) ? request : () -> twice(request);
        return sort.isPresent() ? optional(sort.get(), repeated) : repeated.make();
    }

    /** Of what sort a request is that a server may lack, in the plural; empty if every MLflow knows it. */
    private static Optional<String> sort(String path) {
        if (path.startsWith("logged-models") || path.startsWith("runs/outputs")) {
            return Optional.of("logged models");
        }
        if (path.startsWith("registered-models") || path.startsWith("model-versions")) {
            return Optional.of("registered models");
        }
        return path.startsWith("experiments/set-experiment-tag")
                ? Optional.of("descriptions of experiments")
                : Optional.empty();
    }

    /** A request that some servers cannot take. */
    interface Attempt<T> {
        T make() throws MlflowUnreachable, MlflowRefused;
    }

    /**
     * Makes a request that some servers cannot take, and none of the sort again once this one was refused {@value #REFUSALS} times
     * while others were answered: a server that fails now and then may refuse anything a few times.
     *
     * @param what the sort, in the plural, as a notice names it
     * @throws MlflowRefused of kind {@link MlflowRefused.Kind#LACKING}, or {@code STILL_LACKING} when it was known
     */
    <T> T optional(String what, Attempt<T> request) throws MlflowUnreachable, MlflowRefused {
        if (lacking.contains(what)) {
            throw new MlflowRefused(MlflowRefused.Kind.STILL_LACKING, "it takes no " + what);
        }
        MlflowRefused refusal = null;
        for (int refusals = 0; refusals < REFUSALS; refusals++) {
            if (refusals > 0) {
                pause(Duration.ofMillis(5L << refusals));
                probe(); // a proxy whose server is gone may say the same
            }
            try {
                return request.make();
            } catch (MlflowRefused e) {
                if (e.kind() != MlflowRefused.Kind.LACKING) {
                    throw e;
                }
                refusal = e;
            }
        }
        throw new MlflowRefused(
                lacking.add(what) ? MlflowRefused.Kind.LACKING : MlflowRefused.Kind.STILL_LACKING,
                "MLflow at " + endpoint.uri() + " takes no " + what + " (" + refusal.getMessage() + ")");
    }

    private static void pause(Duration duration) throws MlflowUnreachable {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlflowUnreachable(Kind.AWAY, "interrupted", e);
        }
    }

    /** For requests that do no harm when they arrive twice. */
    private <T> T twice(Attempt<T> request) throws MlflowUnreachable, MlflowRefused {
        try {
            return request.make();
        } catch (MlflowUnreachable e) {
            prepareSecondAttempt(e);
            return request.make();
        }
    }

    /** Throws the failure if another attempt now is of no use; a connection that was kept too long is one where it is. */
    void prepareSecondAttempt(MlflowUnreachable failure) throws MlflowUnreachable {
        boolean gaveUp =
                failure.getCause() instanceof TimeoutException || failure.getCause() instanceof InterruptedException;
        if (failure.kind() != Kind.AWAY || gaveUp || limit.compareTo(LIMIT) < 0) {
            throw failure;
        }
        try {
            endpoint.revive();
        } catch (LabException e) {
            throw new MlflowUnreachable(Kind.AWAY, e.getMessage(), e);
        }
    }

    /** Paths of a run's artifacts, folders gone through. */
    List<String> artifactPaths(String runId, String folder) throws MlflowUnreachable, MlflowRefused {
        Map<String, String> query = new LinkedHashMap<>(Map.of("run_id", runId));
        if (!folder.isEmpty()) {
            query.put("path", folder);
        }
        List<String> paths = new ArrayList<>();
        for (JsonNode file : get("artifacts/list", query).path("files")) {
            String path = file.path("path").asText();
            if (file.path("is_dir").asBoolean()) {
                paths.addAll(artifactPaths(runId, path));
            } else {
                paths.add(path);
            }
        }
        return paths;
    }

    /** The text of one of a run's artifacts; empty if there is none of that path. */
    Optional<String> artifactText(String runId, String path) throws MlflowUnreachable, MlflowRefused {
        if (!artifactPaths(runId, "").contains(path)) {
            return Optional.empty();
        }
        String query = "path=" + URLEncoder.encode(path, StandardCharsets.UTF_8) + "&run_uuid="
                + URLEncoder.encode(runId, StandardCharsets.UTF_8);
        HttpAnswer answer = twice(() -> transport.send(
                "GET",
                endpoint.uri() + "/get-artifact?" + query,
                HttpRequest.BodyPublishers.noBody(),
                "text/plain",
                limit));
        if (answer.status() != 200) {
            answer.json(true); // says in its own words what is wrong
        }
        return Optional.of(answer.body());
    }

    private JsonNode get(String path, Map<String, String> query) throws MlflowUnreachable, MlflowRefused {
        List<String> pairs = new ArrayList<>();
        query.forEach((key, value) -> pairs.add(key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return twice(() -> once("GET", path + "?" + String.join("&", pairs), "", false));
    }

    private JsonNode once(String method, String path, String body, boolean optional)
            throws MlflowUnreachable, MlflowRefused {
        for (int attempt = 1; ; attempt++) {
            HttpRequest.BodyPublisher sent = method.equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body);
            try {
                return transport
                        .send(method, endpoint.uri() + "/api/2.0/mlflow/" + path, sent, "application/json", limit)
                        .json(optional);
            } catch (MlflowRefused e) {
                // Two requests that make the same data set at once meet in MLflow's database: the second finds it made.
                if (attempt == RACES || !CONSTRAINT.matcher(e.getMessage()).find()) {
                    throw e;
                }
            }
        }
    }

    private List<JsonNode> pages(String path, Map<String, ?> request, String field)
            throws MlflowUnreachable, MlflowRefused {
        List<JsonNode> items = new ArrayList<>();
        Map<String, Object> body = new LinkedHashMap<>(request);
        String token;
        do {
            JsonNode page = post(path, body);
            Expected.array(page, field).forEach(items::add);
            token = page.path("next_page_token").asText("");
            body.put("page_token", token);
        } while (!token.isEmpty());
        return items;
    }

    private void update(Map<String, ?> body) throws MlflowUnreachable, MlflowRefused {
        Expected.text(post("runs/update", body), "/run_info/run_id");
    }

    /**
     * Makes a request that does no harm when it arrives twice, which MLflow confirms with an empty object. Should a later version say
     * more there, the run itself is asked for, which nobody but MLflow can answer, and the request made again, since the first answer
     * may have been another's.
     */
    private void confirm(Attempt<JsonNode> request, String runId) throws MlflowUnreachable, MlflowRefused {
        if (!request.make().isEmpty()) {
            run(runId);
            if (!request.make().isEmpty()) {
                run(runId);
            }
        }
    }

    private static ServerRun created(JsonNode answer) throws MlflowUnreachable {
        Expected.text(answer, "/run/info/run_id");
        return ServerRun.of(answer.at("/run/info"));
    }

    private static ServerRun there(ServerRun run) throws MlflowRefused {
        if (run.deleted()) {
            throw new MlflowRefused(MlflowRefused.Kind.GONE, "the run " + run.id() + " is deleted in MLflow");
        }
        return run;
    }

    private static boolean deleted(JsonNode info) {
        return info.path("lifecycle_stage").asText().equals("deleted");
    }
}
