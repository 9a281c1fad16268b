package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.Page;
import org.mlflow.tracking.RunsPage;
import org.mlflow.tracking.creds.MlflowHostCreds;
import org.mlflow.tracking.creds.MlflowHostCredsProvider;
import replklab.base.LabException;

/**
 * The requests to MLflow, made by its Java client. What the client lacks is added: a time limit (it would wait for a frozen
 * server for ever), a second attempt where a connection fails, before which the embedded server is started again if it is
 * gone, and two kinds of failure: those that pass ({@link MlflowUnreachable}) and those that do not
 * ({@link MlflowRefused}).
 */
final class MlflowApi implements AutoCloseable {
    private static final int SECONDS = 30;
    private static final int PAGE = 1000;

    static {
        // The client repeats every refused request and says each time that the server limits the rate.
        String level = "org.slf4j.simpleLogger.log.org.mlflow.tracking.MlflowHttpCaller";
        if (System.getProperty(level) == null) {
            System.setProperty(level, "error");
        }
    }

    private final Endpoint endpoint;
    private final ArtifactStore artifacts;
    private final ModelDelivery models;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private MlflowClient client;

    /** A run that the server knows. */
    record ServerRun(String id, String experimentId, String artifactUri) {
        static ServerRun of(Service.RunInfo info) {
            return new ServerRun(info.getRunId(), info.getExperimentId(), info.getArtifactUri());
        }
    }

    MlflowApi(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.artifacts = new ArtifactStore(endpoint);
        this.models = new ModelDelivery(new HttpRest(endpoint), artifacts::put);
        this.client = connect();
    }

    ModelDelivery models() {
        return models;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The id of an experiment, made if there is none of that name. */
    String experimentId(String name) throws MlflowUnreachable, MlflowRefused {
        Optional<Service.Experiment> known = experiment(name);
        if (known.isEmpty()) {
            try {
                return call(mlflow -> mlflow.createExperiment(name));
            } catch (MlflowRefused e) {
                known = experiment(name); // another process was first
                if (known.isEmpty()) {
                    throw e;
                }
            }
        }
        if (!known.get().getLifecycleStage().equals("active")) {
            throw new MlflowRefused(
                    "experiment '" + name + "' is deleted in MLflow: restore it on MLflow's page or with"
                            + " `mlflow experiments restore --experiment-id "
                            + known.get().getExperimentId()
                            + "`, or take another name");
        }
        return known.get().getExperimentId();
    }

    Optional<Service.Experiment> experiment(String name) throws MlflowUnreachable, MlflowRefused {
        return call(mlflow -> mlflow.getExperimentByName(name));
    }

    /** Names of the experiments that are not deleted. */
    List<String> experimentNames() throws MlflowUnreachable, MlflowRefused {
        return call(mlflow -> {
            List<String> names = new ArrayList<>();
            Page<Service.Experiment> page = mlflow.searchExperiments("", Service.ViewType.ACTIVE_ONLY, PAGE, List.of());
            page.getItems().forEach(experiment -> names.add(experiment.getName()));
            while (page.hasNextPage()) {
                page = page.getNextPage();
                page.getItems().forEach(experiment -> names.add(experiment.getName()));
            }
            return names;
        });
    }

    /** All runs of an experiment that a filter in MLflow's language lets through. */
    List<Service.Run> search(String experimentId, String filter) throws MlflowUnreachable, MlflowRefused {
        List<Service.Run> runs = new ArrayList<>();
        Optional<String> token = Optional.of("");
        while (token.isPresent()) {
            String from = token.get();
            RunsPage page = call(mlflow -> mlflow.searchRuns(
                    List.of(experimentId),
                    filter,
                    Service.ViewType.ACTIVE_ONLY,
                    PAGE,
                    List.of("attributes.start_time ASC"),
                    from));
            runs.addAll(page.getItems());
            token = page.getNextPageToken().filter(next -> !next.isEmpty());
        }
        return runs;
    }

    List<Service.Metric> history(String runId, String metric) throws MlflowUnreachable, MlflowRefused {
        return call(mlflow -> mlflow.getMetricHistory(runId, metric));
    }

    ServerRun run(String runId) throws MlflowUnreachable, MlflowRefused {
        return ServerRun.of(call(mlflow -> mlflow.getRun(runId)).getInfo());
    }

    /** The run that carries this {@link RunTags#KEY}. */
    Optional<ServerRun> find(String experimentId, String key) throws MlflowUnreachable, MlflowRefused {
        String filter = "tags.`" + RunTags.KEY + "` = '" + key + "'";
        return search(experimentId, filter).stream().findFirst().map(run -> ServerRun.of(run.getInfo()));
    }

    /** @param parentRunId empty for none */
    ServerRun create(String experimentId, Event.Create run, String parentRunId)
            throws MlflowUnreachable, MlflowRefused {
        Service.CreateRun.Builder request = Service.CreateRun.newBuilder()
                .setExperimentId(experimentId)
                .setRunName(run.name())
                .setStartTime(run.start());
        run.tags().forEach((key, value) -> request.addTags(tag(key, Names.cut(value, Names.LONGEST_TAG))));
        request.addTags(tag(RunTags.KEY, run.key()));
        if (!parentRunId.isEmpty()) {
            request.addTags(tag(RunTags.PARENT, parentRunId));
        }
        Service.CreateRun whole = request.build();
        try {
            return ServerRun.of(once(mlflow -> mlflow.createRun(whole)));
        } catch (MlflowUnreachable e) {
            prepareSecondAttempt(e);
            Optional<ServerRun> made = find(experimentId, run.key()); // the answer alone may have been lost
            return made.isPresent() ? made.get() : ServerRun.of(once(mlflow -> mlflow.createRun(whole)));
        }
    }

    void log(String runId, Batch batch) throws MlflowUnreachable, MlflowRefused {
        call(mlflow -> {
            mlflow.logBatch(runId, batch.metrics(), batch.params(), batch.tags());
            return runId;
        });
    }

    void input(String runId, DatasetInput input) throws MlflowUnreachable, MlflowRefused {
        String digest = input.digest().substring(0, Math.min(36, input.digest().length()));
        Map<String, String> dataset = Map.of(
                "name", input.name(),
                "digest", digest,
                "source_type", "local",
                "source", Json.line(Map.of("uri", input.source())),
                "schema", input.schema(),
                "profile", input.profile());
        String body = Json.line(Map.of(
                "run_id",
                runId,
                "datasets",
                List.of(Map.of(
                        "tags",
                        List.of(Map.of("key", "mlflow.data.context", "value", input.context())),
                        "dataset",
                        dataset))));
        call(mlflow -> mlflow.sendPost("runs/log-inputs", body));
    }

    void artifact(ServerRun run, Event.Artifact artifact, Path file) throws MlflowUnreachable, MlflowRefused {
        twice(() -> {
            artifacts.put(run.artifactUri(), artifact.path(), file);
            return run;
        });
    }

    void end(String runId, RunStatus status, long time) throws MlflowUnreachable, MlflowRefused {
        call(mlflow -> {
            mlflow.setTerminated(runId, Service.RunStatus.valueOf(status.name()), time);
            return runId;
        });
    }

    /** Marks an ended run as running again. */
    void resume(String runId) throws MlflowUnreachable, MlflowRefused {
        String body = Json.line(Map.of("run_id", runId, "status", RunStatus.RUNNING.name()));
        call(mlflow -> mlflow.sendPost("runs/update", body));
    }

    @Override
    public void close() {
        synchronized (this) {
            client.close();
        }
        artifacts.close();
        calls.shutdownNow();
    }

    private interface Attempt<T> {
        T make() throws MlflowUnreachable, MlflowRefused;
    }

    private <T> T call(Function<MlflowClient, T> request) throws MlflowUnreachable, MlflowRefused {
        return twice(() -> once(request));
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
    private void prepareSecondAttempt(MlflowUnreachable failure) throws MlflowUnreachable {
        boolean gaveUp =
                failure.getCause() instanceof TimeoutException || failure.getCause() instanceof InterruptedException;
        if (failure.answered() || gaveUp) {
            throw failure;
        }
        try {
            endpoint.revive();
        } catch (LabException e) {
            throw new MlflowUnreachable(e.getMessage(), false, e);
        }
    }

    private <T> T once(Function<MlflowClient, T> request) throws MlflowUnreachable, MlflowRefused {
        MlflowClient mlflow = client();
        Future<T> answer = calls.submit(() -> request.apply(mlflow));
        try {
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            renew(mlflow);
            throw new MlflowUnreachable("no answer within " + SECONDS + " s", false, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlflowUnreachable("interrupted", false, e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** The failure as one that passes, or by throwing it, as one that does not. */
    private static MlflowUnreachable failure(Throwable cause) throws MlflowRefused {
        if (cause instanceof MlflowHttpException http) {
            HttpFailure.check(http.getStatusCode(), http.getBodyMessage());
            return new MlflowUnreachable("HTTP " + http.getStatusCode(), true, http);
        }
        if (cause instanceof MlflowClientException client && client.getCause() instanceof IOException io) {
            return new MlflowUnreachable(String.valueOf(io.getMessage()), false, io);
        }
        if (cause instanceof LabException lab) {
            return new MlflowUnreachable(lab.getMessage(), false, lab);
        }
        return new MlflowUnreachable(String.valueOf(cause), false, cause);
    }

    private synchronized MlflowClient client() {
        return client;
    }

    /** Closing the client ends the request that hangs. */
    private synchronized void renew(MlflowClient hanging) {
        if (client == hanging) {
            client = connect();
            hanging.close();
        }
    }

    /** The client asks for the address at each request, so it follows the embedded server to another port. */
    private MlflowClient connect() {
        return new MlflowClient(new MlflowHostCredsProvider() {
            @Override
            public MlflowHostCreds getHostCreds() {
                return endpoint.credentials();
            }

            @Override
            public void refresh() {
                // Credentials are those of the environment.
            }
        });
    }

    private static Service.RunTag tag(String key, String value) {
        return Service.RunTag.newBuilder().setKey(key).setValue(value).build();
    }
}
