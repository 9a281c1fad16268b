package replklab.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import replklab.base.UsageException;
import replklab.stats.Alternative;
import replklab.stats.Contrast;
import replklab.stats.Effect;
import replklab.stats.Hypothesis;
import replklab.stats.Metric;
import replklab.stats.PaperEffect;
import replklab.stats.PaperValue;
import replklab.stats.Phrase;
import replklab.stats.Power;
import replklab.stats.RunRow;
import replklab.stats.Scale;
import replklab.stats.Standing;
import replklab.table.PaperTable;

/**
 * What is claimed, by the paper or by oneself, and by what it is decided: an effect, which is the difference of a metric between two
 * variants ({@code minus}) or their ratio ({@code over}), or with {@code butNot} how much larger it is than the one between two others (an
 * interaction); and where that must lie for the claim to be right.
 *
 * @param name short, for charts and tables
 * @param role {@code primary} of one hypothesis alone, which gets a verdict; may be left out of the others
 * @param claim who claims what, in the paper's words where it is the paper; may be left out of secondary ones
 * @param place where it stands in the paper; null where the experiment names no paper, and of hypotheses without a claim
 * @param test on which side of the margin the effect lies if the claim is right; may be left out of secondary ones: then it is the side of the
 *     paper's effect, or above
 * @param margin in the effect's unit; may be left out of secondary ones: then it is no effect
 * @param reason why the margin is this one; may be left out of secondary ones
 * @param interest the smallest effect that matters, on the claim's side of the margin; a confirmation has seeds enough to resolve it. May be
 *     left out
 * @param spread the effect's standard deviation over seeds, as a pilot found it; of a ratio the factor that it is. May be left out
 * @param metric which one; null for the one that decides. It must be among {@code paper.columns} where there are several
 * @param of levels of the variant that is looked at
 * @param minus levels of the variant that is subtracted, or null
 * @param over levels of the variant that it is divided by, or null
 * @param butNot a second comparison of the same kind to take away, or null
 * @param direction where the paper says that the metric goes without a number of its own, or null where its table has the numbers, or there is no paper
 * @param ours words for ours, see {@link Phrase}; null for plain ones
 * @param paper words for the paper's; null where the experiment names no paper
 */
public record HypothesisSpec(
        String name,
        Hypothesis.Role role,
        String claim,
        String place,
        Alternative test,
        Double margin,
        String reason,
        Double interest,
        Double spread,
        String metric,
        Map<String, String> of,
        Map<String, String> minus,
        Map<String, String> over,
        Comparison butNot,
        Direction direction,
        String ours,
        String paper) {
    /** Of all claims that are decided together, and the chance with which a confirmation resolves the smallest effect that matters. */
    static final double LEVEL = 0.05;

    static final double POWER = 0.9;

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
            requireLevels("hypotheses.butNot", of, minus, over);
        }

        private Contrast contrast(String otherwise, UnaryOperator<Map<String, String>> names) {
            String key = metric == null ? otherwise : metric;
            return minus == null
                    ? Contrast.ratio(key, names.apply(of), names.apply(over))
                    : Contrast.difference(key, names.apply(of), names.apply(minus));
        }
    }

    public HypothesisSpec {
        if (name == null || name.isBlank()) {
            throw new UsageException("hypotheses.name is missing");
        }
        role = role == null ? Hypothesis.Role.SECONDARY : role;
        if (role == Hypothesis.Role.PRIMARY) {
            requirePresent(name, "claim", claim);
            requirePresent(name, "test", test);
            requirePresent(name, "margin", margin);
            requirePresent(name, "reason", reason);
        }
        requireLevels("hypotheses", of, minus, over);
        requireDesign(name, minus == null ? Scale.RATIO : Scale.DIFFERENCE, test, margin, interest, spread);
        if (butNot != null && (butNot.minus == null) != (minus == null)) {
            throw new UsageException(
                    "hypothesis '" + name + "' compares by minus and by over; it must keep to one of them");
        }
    }

    private static void requireDesign(
            String name, Scale scale, Alternative test, Double margin, Double interest, Double spread) {
        if (interest != null
                && (test == null
                        || margin == null
                        || !Hypothesis.secondary(test, margin).holds(scale.place(interest), scale))) {
            throw new UsageException(
                    "hypothesis '" + name + "' has interest: " + interest
                            + ", an effect for which the claim would not be right; it must lie on the claim's side of the margin");
        }
        if (spread != null && !(scale.place(spread) > 0)) {
            throw new UsageException("hypothesis '" + name + "' has spread: " + spread + "; it must be above "
                    + (scale == Scale.RATIO ? 1 : 0));
        }
    }

    /**
     * How many seeds resolve the smallest effect that matters.
     *
     * @param together claims that are decided together, this one among them
     * @param sd standard deviation of the effect over seeds, on its scale
     * @throws UsageException if the file does not say which effect that is
     */
    int seedsNeeded(int together, double sd) {
        if (interest == null) {
            throw new UsageException(
                    "hypothesis '" + name
                            + "' has no interest: say the smallest effect that matters, so that the number of seeds follows from it");
        }
        Scale scale = minus == null ? Scale.RATIO : Scale.DIFFERENCE;
        double[] distances = DoubleStream.of(
                        test == Alternative.EQUIVALENT ? -scale.place(margin) : Double.NaN, scale.place(margin))
                .filter(Double::isFinite)
                .map(bound -> Math.abs(scale.place(interest) - bound))
                .toArray();
        return Power.seeds(DoubleStream.of(distances).min().orElseThrow(), sd, LEVEL / together, POWER);
    }

    /** {@link #spread()} on the effect's scale; empty where the file says none. */
    OptionalDouble spreadOnScale() {
        return spread == null
                ? OptionalDouble.empty()
                : OptionalDouble.of((minus == null ? Scale.RATIO : Scale.DIFFERENCE).place(spread));
    }

    private static void requirePresent(String name, String key, Object value) {
        if (value == null || value.toString().isBlank()) {
            throw new UsageException("hypothesis '" + name + "' is primary, and " + key + " is missing: a verdict needs"
                    + " claim, test (greater, less, at most, equivalent), margin, and the reason for the margin");
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
     * @param scores what a run scored on each test image, by the metric's key; empty where that is not known
     */
    Effect measure(
            List<RunRow> runs,
            List<Metric> metrics,
            Optional<PaperSource> where,
            BiFunction<RunRow, String, Optional<double[]>> scores) {
        String deciding = metrics.getFirst().key();
        PaperEffect theirs = where.isPresent() ? inPaper(deciding, where.get()) : PaperEffect.NONE;
        return Effect.of(
                name,
                phrase(where.isPresent()),
                unit(metrics),
                contrast(deciding, UnaryOperator.identity()),
                runs,
                theirs,
                hypothesis(theirs),
                scores);
    }

    /** The same of runs of which nothing is known by image. */
    Effect measure(List<RunRow> runs, List<Metric> metrics, Optional<PaperSource> where) {
        return measure(runs, metrics, where, (_, _) -> Optional.empty());
    }

    private Hypothesis hypothesis(PaperEffect theirs) {
        Scale scale = minus == null ? Scale.RATIO : Scale.DIFFERENCE;
        Alternative side = test != null ? test : theirs.direction() < 0 ? Alternative.LESS : Alternative.GREATER;
        if ((side == Alternative.GREATER && theirs.direction() < 0)
                || (side == Alternative.LESS && theirs.direction() > 0)) {
            throw new UsageException("hypothesis '" + name + "' has test: " + side + ", but the paper's effect goes "
                    + (theirs.direction() < 0 ? "down" : "up"));
        }
        return new Hypothesis(
                role,
                claim == null ? "" : place == null ? claim : claim + " (" + place + ")",
                side,
                margin == null ? scale.told(0) : margin,
                reason == null ? "" : reason);
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
                    "hypothesis '" + name + "'"
                            + (hasPaper
                                    ? ": paper is missing: words for what the paper found"
                                    : " has words for the paper, but the experiment names no paper; leave one out or the other in"));
        }
        if (!hasPaper && direction != null) {
            throw new UsageException(
                    "hypothesis '" + name + "' has the direction of the paper's, but the experiment names no"
                            + " paper; leave direction out");
        }
        try {
            return new Phrase(ours == null ? plainWords() : ours, hasPaper ? paper : "");
        } catch (IllegalArgumentException e) {
            throw new UsageException("hypothesis '" + name + "': " + e.getMessage());
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
                        "hypothesis '" + name + "': the paper has no table for it, so it needs direction: up or down"));
        PaperValue theirs = table.contrast(contrast(deciding, where::row), where.columnsBeside(deciding));
        return PaperEffect.of(theirs, table.source());
    }
}
