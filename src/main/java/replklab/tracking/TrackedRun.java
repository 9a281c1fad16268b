package replklab.tracking;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A run as MLflow remembers it.
 *
 * @param metrics the last value of each metric
 * @param end empty while the run goes on
 */
public record TrackedRun(
        String runId,
        Optional<String> parentRunId,
        String experiment,
        String name,
        RunStatus status,
        Map<String, String> params,
        Map<String, Double> metrics,
        Map<String, String> tags,
        Instant start,
        Optional<Instant> end) {
    public TrackedRun {
        params = Map.copyOf(params);
        metrics = Map.copyOf(metrics);
        tags = Map.copyOf(tags);
    }

    /** What the experiment varied, empty for a parent run and for runs that others logged. */
    public Optional<String> variant() {
        return Optional.ofNullable(tags.get(RunTags.VARIANT));
    }

    /** The seed, empty where {@link #variant()} is. */
    public Optional<Long> seed() {
        return Optional.ofNullable(tags.get(RunTags.SEED)).map(Long::valueOf);
    }
}
