package replklab.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import replklab.base.Provenance;

/**
 * One run, a variant with a seed, as the report sees it.
 *
 * @param variant level by factor, in the order the factors are to be printed, such as {@code {shortcut=with, kernel=13}}
 * @param seed decides everything random; runs of several variants with one seed are compared in pairs
 * @param status how it ended
 * @param metrics final metric by key, in the unit the paper uses (accuracies in percent); may be NaN, or empty when
 *     the run did not finish; of a run that diverged the scores of a guess
 * @param curve metrics by epoch, oldest first; may be empty
 * @param seconds wall time, 0 or more
 * @param runId the tracker's id, or empty
 * @param commit of the code that ran, shortened, with {@code -dirty} for changed sources; or {@link Provenance#UNKNOWN}
 * @param divergence where it diverged, such as {@code "at step 7 in stages.0.norm"}; empty for others
 */
public record RunRow(
        Map<String, String> variant,
        long seed,
        RunEnd status,
        Map<String, Double> metrics,
        List<CurvePoint> curve,
        double seconds,
        String runId,
        String commit,
        String divergence) {
    public RunRow {
        if (variant.isEmpty()) {
            throw new IllegalArgumentException("the variant of a run names no factor");
        }
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException("seconds must be 0 or more, not " + seconds);
        }
        variant = Collections.unmodifiableMap(new LinkedHashMap<>(variant));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        curve = List.copyOf(curve);
        commit = Objects.requireNonNullElse(commit, Provenance.UNKNOWN); // an older version stored none
        divergence = Objects.requireNonNullElse(divergence, "");
    }

    /** A run that did not diverge. */
    public RunRow(
            Map<String, String> variant,
            long seed,
            RunEnd status,
            Map<String, Double> metrics,
            List<CurvePoint> curve,
            double seconds,
            String runId,
            String commit) {
        this(variant, seed, status, metrics, curve, seconds, runId, commit, "");
    }

    /** The same run under the id that the tracker has given it. */
    public RunRow withRunId(String id) {
        return new RunRow(variant, seed, status, metrics, curve, seconds, id, commit, divergence);
    }

    /** The variant in words, such as {@code "with shortcut, kernel 13"}. */
    public String label() {
        return Variants.label(variant);
    }

    /** Whether the run came to its end, which a divergence is, too: it is kept and not run again. */
    public boolean hasResult() {
        return status.isResult();
    }

    /** How it ended, in words: {@code "finished"}, or {@code "diverged at step 7 in stages.0.norm"}. */
    public String ending() {
        return divergence.isEmpty() ? status.toString() : status + " " + divergence;
    }

    /** Whether the run came to its end and has a number for this metric: a diverged one that of a guess. */
    boolean counts(String metric) {
        return hasResult() && metrics.containsKey(metric) && Double.isFinite(metrics.get(metric));
    }

    /** Whether the metric counts, but as a guess. */
    boolean isGuess(String metric) {
        return status == RunEnd.DIVERGED && counts(metric);
    }

    /** Whether means of the metric should hold this run and cannot: it came out as no number, or the run diverged without one. */
    public boolean lacks(String metric) {
        return hasResult() && !counts(metric) && (status == RunEnd.DIVERGED || metrics.containsKey(metric));
    }
}
