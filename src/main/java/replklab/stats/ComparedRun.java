package replklab.stats;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run of any experiment, profile and commit, as a {@link RunComparison} sees it.
 *
 * @param experiment whose it is
 * @param profile such as {@code "full"}; may be empty
 * @param commit of the code that ran, shortened, with {@code -dirty} for changed sources; may be empty
 * @param settings short hash of everything configured but variant and seed: runs of one experiment, profile and variant with
 *     other settings are not repetitions of each other; may be empty
 * @param variant level by factor
 * @param seed decides everything random
 * @param status where it stands, by MLflow's names: {@code FINISHED}, {@code FAILED}, {@code KILLED}, {@code RUNNING}; or
 *     {@link #DIVERGED}, whose metrics are those of a guess
 * @param metrics the last value of each, by key
 * @param started when it began
 * @param runId the tracker's id
 */
public record ComparedRun(
        String experiment,
        String profile,
        String commit,
        String settings,
        Map<String, String> variant,
        long seed,
        String status,
        Map<String, Double> metrics,
        Instant started,
        String runId) {
    /** The columns that every run has; its factors are further ones. */
    static final List<String> OWN = List.of("experiment", "profile", "commit", "settings", "seed", "status");

    /** The status of a run that came to its end by diverging; MLflow has no such status. */
    public static final String DIVERGED = "DIVERGED";

    private static final String FINISHED = "FINISHED";

    public ComparedRun {
        variant = Collections.unmodifiableMap(new LinkedHashMap<>(variant));
        metrics = Map.copyOf(metrics);
    }

    /** What the run has in a column: one of its own, or a factor's level; empty where it has no such factor. */
    public String get(String column) {
        return switch (column) {
            case "experiment" -> experiment;
            case "profile" -> profile;
            case "commit" -> commit;
            case "settings" -> settings;
            case "seed" -> Long.toString(seed);
            case "status" -> status;
            default -> variant.getOrDefault(column, "");
        };
    }

    /** Whether it came to its end with this metric, be its value NaN or infinite: leaving such a run out would flatter the mean. */
    public boolean counts(String metric) {
        return (status.equals(FINISHED) || status.equals(DIVERGED)) && metrics.containsKey(metric);
    }
}
