package replklab.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import replklab.base.UsageException;
import replklab.report.Contrast;
import replklab.report.Effect;
import replklab.report.PaperEffect;
import replklab.report.PaperTable;
import replklab.report.PaperValue;
import replklab.report.Phrase;
import replklab.report.RunRow;
import replklab.report.Standing;

/**
 * An effect of the paper to look for: the difference of a metric between two variants ({@code minus}) or their ratio
 * ({@code over}), or with {@code butNot} how much larger it is than the one between two others (an interaction).
 *
 * @param name short, for charts and tables
 * @param of levels of the variant that is looked at
 * @param minus levels of the variant that is subtracted, or null
 * @param over levels of the variant that it is divided by, or null
 * @param butNot a second comparison of the same kind to take away, or null
 * @param direction where the paper says that the metric goes without a number of its own, or null where its table has the numbers
 * @param ours words for ours, see {@link Phrase}
 * @param paper words for the paper's
 */
public record EffectSpec(
        String name,
        Map<String, String> of,
        Map<String, String> minus,
        Map<String, String> over,
        Comparison butNot,
        Direction direction,
        String ours,
        String paper) {
    /** The sign of a difference, or of a ratio's logarithm. */
    public enum Direction {
        UP(1),
        DOWN(-1);

        private final int sign;

        Direction(int sign) {
            this.sign = sign;
        }
    }

    /** A comparison of two variants, with {@code minus} or {@code over}. */
    public record Comparison(Map<String, String> of, Map<String, String> minus, Map<String, String> over) {
        public Comparison {
            requireLevels("effects.butNot", of, minus, over);
        }

        private Contrast contrast(String metric, UnaryOperator<Map<String, String>> names) {
            return minus == null
                    ? Contrast.ratio(metric, names.apply(of), names.apply(over))
                    : Contrast.difference(metric, names.apply(of), names.apply(minus));
        }
    }

    public EffectSpec {
        if (name == null || name.isBlank()) {
            throw new UsageException("effects.name is missing");
        }
        requireLevels("effects", of, minus, over);
        if (butNot != null && (butNot.minus == null) != (minus == null)) {
            throw new UsageException(
                    "effect '" + name + "' compares by minus and by over; it must keep to one of them");
        }
    }

    private static void requireLevels(
            String where, Map<String, String> of, Map<String, String> minus, Map<String, String> over) {
        if ((minus == null) == (over == null)) {
            throw new UsageException(where + " needs one of minus, for a difference, and over, for a ratio");
        }
        Map<String, String> other = minus == null ? over : minus;
        if (of == null || of.isEmpty() || other.isEmpty()) {
            throw new UsageException(where + ".of and ." + (minus == null ? "over" : "minus")
                    + " must both name levels, such as {kernel: 13}");
        }
    }

    /** Every variant that it speaks of. */
    List<Map<String, String>> variants() {
        return Stream.of(new Comparison(of, minus, over), butNot)
                .filter(Objects::nonNull)
                .flatMap(pair -> Stream.of(pair.of, pair.minus == null ? pair.over : pair.minus))
                .toList();
    }

    private Contrast contrast(String metric, UnaryOperator<Map<String, String>> names) {
        Contrast contrast = new Comparison(of, minus, over).contrast(metric, names);
        return butNot == null ? contrast : contrast.minus(butNot.contrast(metric, names));
    }

    /** Measures this effect on runs, beside the paper's number. */
    Effect measure(List<RunRow> runs, String metric, PaperSource where) {
        return Effect.of(
                name,
                new Phrase(ours, paper),
                minus == null ? "times" : "points",
                contrast(metric, UnaryOperator.identity()),
                runs,
                inPaper(metric, where));
    }

    private PaperEffect inPaper(String metric, PaperSource where) {
        if (direction != null) {
            String source = where.numbers().map(PaperTable::source).orElseGet(where::place);
            return PaperEffect.towards(
                    direction.sign, source, where.numbers().isPresent() ? Standing.STATED : where.standing());
        }
        PaperTable table = where.numbers()
                .orElseThrow(() -> new UsageException(
                        "effect '" + name + "': the paper has no table for it, so it needs direction: up or down"));
        PaperValue theirs = contrast(metric, where::row).inPaper(table, Map.of(metric, where.column()));
        return PaperEffect.of(theirs, table.source());
    }
}
