package replklab.experiment;

import java.util.List;
import java.util.Map;
import replklab.base.UsageException;
import replklab.report.Contrast;
import replklab.report.Effect;
import replklab.report.PaperEffect;
import replklab.report.PaperTable;
import replklab.report.Phrase;
import replklab.report.RunRow;

/**
 * An effect of the paper to look for: the difference of a metric between two variants, or with {@code butNot} how much
 * larger that difference is than the one between two others (an interaction).
 *
 * @param name short, for charts and tables
 * @param of levels of the variant that is looked at
 * @param minus levels of the variant it is compared with
 * @param butNot a second difference to take away, or null
 * @param ours words for ours, see {@link Phrase}
 * @param paper words for the paper's
 */
public record EffectSpec(
        String name, Map<String, String> of, Map<String, String> minus, Difference butNot, String ours, String paper) {
    /** A difference between two variants. */
    public record Difference(Map<String, String> of, Map<String, String> minus) {
        public Difference {
            requireLevels("effects.butNot", of, minus);
        }
    }

    public EffectSpec {
        if (name == null || name.isBlank()) {
            throw new UsageException("effects.name is missing");
        }
        requireLevels("effects", of, minus);
    }

    private static void requireLevels(String where, Map<String, String> of, Map<String, String> minus) {
        if (of == null || minus == null || of.isEmpty() || minus.isEmpty()) {
            throw new UsageException(where + ".of and .minus must both name levels, such as {kernel: 13}");
        }
    }

    /** Every variant that it speaks of. */
    List<Map<String, String>> variants() {
        return butNot == null ? List.of(of, minus) : List.of(of, minus, butNot.of, butNot.minus);
    }

    /** What is compared with what. */
    Contrast contrast(String metric) {
        Contrast difference = Contrast.difference(metric, of, minus);
        return butNot == null ? difference : difference.minus(Contrast.difference(metric, butNot.of, butNot.minus));
    }

    /** Measures this effect on runs, beside the paper's number. */
    Effect measure(List<RunRow> runs, String metric, PaperTable table, String column) {
        Contrast contrast = contrast(metric);
        PaperEffect theirs = PaperEffect.of(contrast.inPaper(table, Map.of(metric, column)), table.source());
        return Effect.of(name, new Phrase(ours, paper), "points", contrast, runs, theirs);
    }
}
