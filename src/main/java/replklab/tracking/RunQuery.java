package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.tracking.MlflowApi.ServerExperiment;

/** Reads runs back from MLflow. All methods throw {@link LabException} if MLflow does not answer. */
public final class RunQuery {
    private final MlflowApi api;

    RunQuery(MlflowApi api) {
        this.api = api;
    }

    /** Names of all experiments, in alphabetical order. */
    public List<String> experiments() {
        return ask(() -> api.experimentNames().stream().sorted().toList());
    }

    /**
     * The runs of an experiment, parents and children, oldest first.
     *
     * @throws UsageException if there is no experiment of that name
     */
    public List<TrackedRun> runs(String experiment) {
        return ask(() -> {
            Optional<ServerExperiment> known = api.experiment(experiment).filter(found -> !found.deleted());
            if (known.isEmpty()) {
                throw UsageException.unknown("experiment", experiment, api.experimentNames());
            }
            return api.search(known.get().id(), "", false).stream()
                    .map(run -> tracked(experiment, run))
                    .toList();
        });
    }

    /** Every value that a metric of a run had, by step and then by time. */
    public List<MetricPoint> history(String runId, String metric) {
        return ask(() -> api.history(runId, metric).stream()
                .map(point -> new MetricPoint(
                        point.path("step").asLong(),
                        Instant.ofEpochMilli(point.path("timestamp").asLong()),
                        number(point.path("value"))))
                .sorted(Comparator.comparingLong(MetricPoint::step).thenComparing(MetricPoint::time))
                .toList());
    }

    /** Paths of a run's artifacts, in alphabetical order. */
    public List<String> artifacts(String runId) {
        return ask(() -> api.artifactPaths(runId, "").stream().sorted().toList());
    }

    /** The text of one of a run's artifacts, such as {@code experiment.yaml}; empty if there is none of that path. */
    public Optional<String> artifact(String runId, String path) {
        return ask(() -> api.artifactText(runId, path));
    }

    /** The run's address on MLflow's page, below the server's. */
    String page(String runId) {
        return ask(() -> RunPage.of(api.run(runId).experimentId(), runId));
    }

    private interface Question<T> {
        T ask() throws MlflowUnreachable, MlflowRefused;
    }

    private <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (MlflowUnreachable e) {
            String what = e.kind() == MlflowUnreachable.Kind.AWAY ? " does not answer: " : ": ";
            throw new LabException("MLflow at " + api.endpoint().uri() + what + e.getMessage(), e);
        } catch (MlflowRefused e) {
            throw new LabException("MLflow at " + api.endpoint().uri() + ": " + e.getMessage(), e);
        }
    }

    private static TrackedRun tracked(String experiment, JsonNode run) {
        Map<String, Double> metrics = new HashMap<>();
        run.at("/data/metrics")
                .forEach(metric -> metrics.put(metric.path("key").asText(), number(metric.path("value"))));
        Map<String, String> tags = texts(run.at("/data/tags"));
        JsonNode info = run.path("info");
        return new TrackedRun(
                info.path("run_id").asText(),
                Optional.ofNullable(tags.get(RunTags.PARENT)),
                experiment,
                info.path("run_name").asText(),
                RunStatus.valueOf(info.path("status").asText()),
                texts(run.at("/data/params")),
                metrics,
                tags,
                Instant.ofEpochMilli(info.path("start_time").asLong()),
                Optional.of(info.path("end_time").asLong())
                        .filter(time -> time > 0)
                        .map(Instant::ofEpochMilli));
    }

    private static Map<String, String> texts(JsonNode pairs) {
        Map<String, String> texts = new HashMap<>();
        pairs.forEach(
                pair -> texts.put(pair.path("key").asText(), pair.path("value").asText()));
        return texts;
    }

    /** A value as it was logged: MLflow's SQL stores keep an infinity as the largest number, and its JSON has a text for NaN. */
    static double number(JsonNode value) {
        double number = value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble();
        return Math.abs(number) == Double.MAX_VALUE ? Math.copySign(Double.POSITIVE_INFINITY, number) : number;
    }
}
