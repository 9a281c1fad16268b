package replklab.tracking;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;
import replklab.base.LabException;
import replklab.base.UsageException;

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
            Optional<Service.Experiment> known = api.experiment(experiment)
                    .filter(found -> found.getLifecycleStage().equals("active"));
            if (known.isEmpty()) {
                throw UsageException.unknown("experiment", experiment, api.experimentNames());
            }
            return api.search(known.get().getExperimentId(), "").stream()
                    .map(run -> tracked(experiment, run))
                    .toList();
        });
    }

    /** Every value that a metric of a run had, by step and then by time. */
    public List<MetricPoint> history(String runId, String metric) {
        return ask(() -> api.history(runId, metric).stream()
                .map(point ->
                        new MetricPoint(point.getStep(), Instant.ofEpochMilli(point.getTimestamp()), point.getValue()))
                .sorted(Comparator.comparingLong(MetricPoint::step).thenComparing(MetricPoint::time))
                .toList());
    }

    private interface Question<T> {
        T ask() throws MlflowUnreachable, MlflowRefused;
    }

    private <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (MlflowUnreachable e) {
            throw new LabException("MLflow at " + api.endpoint().uri() + " does not answer: " + e.getMessage(), e);
        } catch (MlflowRefused e) {
            throw new LabException("MLflow at " + api.endpoint().uri() + ": " + e.getMessage(), e);
        }
    }

    private static TrackedRun tracked(String experiment, Service.Run run) {
        Map<String, String> params = new HashMap<>();
        run.getData().getParamsList().forEach(param -> params.put(param.getKey(), param.getValue()));
        Map<String, Double> metrics = new HashMap<>();
        run.getData().getMetricsList().forEach(metric -> metrics.put(metric.getKey(), metric.getValue()));
        Map<String, String> tags = new HashMap<>();
        run.getData().getTagsList().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        Service.RunInfo info = run.getInfo();
        return new TrackedRun(
                info.getRunId(),
                Optional.ofNullable(tags.get(RunTags.PARENT)),
                experiment,
                info.getRunName(),
                RunStatus.valueOf(info.getStatus().name()),
                params,
                metrics,
                tags,
                Instant.ofEpochMilli(info.getStartTime()),
                Optional.of(info.getEndTime()).filter(time -> time > 0).map(Instant::ofEpochMilli));
    }
}
