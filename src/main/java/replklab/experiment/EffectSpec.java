package replklab.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import replklab.base.UsageException;
import replklab.stats.Contrast;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.PaperEffect;
import replklab.stats.PaperValue;
import replklab.stats.Phrase;
import replklab.stats.RunRow;
import replklab.stats.Standing;
import replklab.table.PaperTable;

/**
 * An effect to look for, the paper's or one's own: the difference of a metric between two variants ({@code minus}) or their ratio
 * ({@code over}), or with {@code butNot} how much larger it is than the one between two others (an interaction).
 *
 * @param name short, for charts and tables
 * @param metric which one; null for the one that decides. It must be among {@code paper.columns} where there are several
 * @param of levels of the variant that is looked at
 * @param minus levels of the variant that is subtracted, or null
 * @param over levels of the variant that it is divided by, or null
 * @param butNot a second comparison of the same kind to take away, or null
 * @param direction where the paper says that the metric goes without a number of its own, or null where its table has the numbers, or there is no paper
 * @param ours words for ours, see {@link Phrase}; null for plain ones
 * @param paper words for the paper's; null where the experiment names no paper
 */
public record EffectSpec(
        String name,
        String metric,
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

    /**
     * A comparison of two variants, with {@code minus} or {@code over}.
     *
     * @param metric which one; null for the effect's own
     */
    public record Comparison(
            String metric, Map<String, String> of, Map<String, String> minus, Map<String, String> over) {
        public Comparison {
            requireLevels("effects.butNot", of, minus, over);
        }

        private Contrast contrast(String otherwise, UnaryOperator<Map<String, String>> names) {
            String key = metric == null ? otherwise : metric;
            return minus == null
                    ? Contrast.ratio(key, names.apply(of), names.apply(over))
                    : Contrast.difference(key, names.apply(of), names.apply(minus));
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
        return Stream.of(new Comparison(metric, of, minus, over), butNot)
                .filter(Objects::nonNull)
                .flatMap(pair -> Stream.of(pair.of, pair.minus == null ? pair.over : pair.minus))
                .toList();
    }

    private Contrast contrast(String deciding, UnaryOperator<Map<String, String>> names) {
        Contrast contrast = new Comparison(metric, of, minus, over).contrast(deciding, names);
        return butNot == null ? contrast : contrast.minus(butNot.contrast(metric == null ? deciding : metric, names));
    }

    /**
     * Measures this effect on runs, beside the paper's number.
     *
     * @param metrics of the experiment, the one of effects that name none first
     */
    Effect measure(List<RunRow> runs, List<Metric> metrics, Optional<PaperSource> where) {
        String deciding = metrics.getFirst().key();
        return Effect.of(
                name,
                phrase(where.isPresent()),
                unit(metrics),
                contrast(deciding, UnaryOperator.identity()),
                runs,
                where.isPresent() ? inPaper(deciding, where.get()) : PaperEffect.NONE);
    }

    /** Of shares in percent the difference is points; of other metrics it has their own unit. */
    private String unit(List<Metric> metrics) {
        if (minus == null) {
            return "times";
        }
        Metric measured = metric == null
                ? metrics.getFirst()
                : metrics.stream()
                        .filter(each -> each.key().equals(metric))
                        .findFirst()
                        .orElse(metrics.getFirst()); // MLflow's tables know more than these; the contrast refuses the
        // rest
        return measured.unit().equals("%") ? "points" : measured.unit();
    }

    private Phrase phrase(boolean hasPaper) {
        if (hasPaper == (paper == null)) {
            throw new UsageException(
                    "effect '" + name + "'"
                            + (hasPaper
                                    ? ": paper is missing: words for what the paper found"
                                    : " has words for the paper, but the experiment names no paper; leave one out or the other in"));
        }
        if (!hasPaper && direction != null) {
            throw new UsageException(
                    "effect '" + name + "' has the direction of the paper's, but the experiment names no"
                            + " paper; leave direction out");
        }
        try {
            return new Phrase(ours == null ? plainWords() : ours, hasPaper ? paper : "");
        } catch (IllegalArgumentException e) {
            throw new UsageException("effect '" + name + "': " + e.getMessage());
        }
    }

    private String plainWords() {
        String plain = name.replaceAll("[{}]", "");
        return plain + (minus == null ? ": {size} {as much|less}" : ": {size} {more|less}");
    }

    private PaperEffect inPaper(String deciding, PaperSource where) {
        if (direction != null) {
            String source = where.numbers().map(PaperTable::source).orElseGet(where::place);
            return PaperEffect.towards(
                    direction.sign, source, where.numbers().isPresent() ? Standing.STATED : where.standing());
        }
        PaperTable table = where.numbers()
                .orElseThrow(() -> new UsageException(
                        "effect '" + name + "': the paper has no table for it, so it needs direction: up or down"));
        PaperValue theirs = table.contrast(contrast(deciding, where::row), where.columnsBeside(deciding));
        return PaperEffect.of(theirs, table.source());
    }
}
