package replklab.stats;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * One effect, beside the paper's where the paper has it, and what is claimed of it. Verdict and sentences follow from the numbers by rule.
 *
 * @param name a short name for tables and charts, such as {@code "kernel 13 without shortcut"}
 * @param phrase its words
 * @param unit unit of the differences, such as {@code "points"} (percentage points), or {@code "times"}; may be empty
 * @param scale of {@code ours} and {@code paper}: ratios are kept as logarithms, and told by {@link #mean()} and the like
 * @param ours what was measured; empty when fewer than two seeds are complete, because then there is no interval
 * @param planned number of seeds that were to be run; those that did not finish are told, not hidden; 0 of what was not measured at all
 * @param paper what the paper found
 * @param diverged how many seeds have a run that diverged
 * @param hypothesis what is claimed of it
 * @param overImages its 95 % interval over seeds and test images, on the scale; empty where what each image says was not kept, or is no mean
 */
public record Effect(
        String name,
        Phrase phrase,
        String unit,
        Scale scale,
        Optional<PairedDifference> ours,
        int planned,
        PaperEffect paper,
        DivergedPairs diverged,
        Hypothesis hypothesis,
        Optional<TwoWayBootstrap.Interval> overImages) {
    /** Of the drawing; any would do, and one makes a report the same each time. */
    private static final long DRAWING = 1;

    private static final int DECIMALS = 1;
    private static final int RATIO_DECIMALS = 2;
    private static final int PAPER_DECIMALS = 2;

    public Effect {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of an effect is empty");
        }
        if (planned < ours.map(PairedDifference::n).orElse(0)) {
            throw new IllegalArgumentException("effect '" + name + "' has more seeds than the " + planned + " planned");
        }
        if (phrase.paperTellsSize() && paper.difference().isEmpty()) {
            throw new IllegalArgumentException(
                    "effect '" + name + "': the paper gives no number, but its phrase holds {size}");
        }
        if (paper.isKnown() == phrase.paper().isEmpty()) {
            throw new IllegalArgumentException("effect '" + name + "': the paper "
                    + (paper.isKnown() ? "has it, but there are no words for that" : "has it not, but words for that"));
        }
        hypothesis.requireMargin(scale);
    }

    /**
     * Measures an effect on runs that finished or diverged.
     *
     * @param contrast what is compared with what
     * @param runs the experiment's runs, failed ones included
     * @param scores what a run scored on each test image, by the metric's key, see {@link Contrast#byImage}
     */
    public static Effect of(
            String name,
            Phrase phrase,
            String unit,
            Contrast contrast,
            List<RunRow> runs,
            PaperEffect paper,
            Hypothesis hypothesis,
            BiFunction<RunRow, String, Optional<double[]>> scores) {
        return new Effect(
                name,
                phrase,
                unit,
                contrast.scale(),
                contrast.measure(runs),
                contrast.planned(runs),
                paper,
                contrast.diverged(runs),
                hypothesis,
                contrast.byImage(runs, scores)
                        .filter(each -> each.length > 1)
                        .map(each -> TwoWayBootstrap.of(each, DRAWING)));
    }

    /** The mean difference or the geometric mean of the ratio, in {@link #unit()}; NaN without {@link #ours()}. */
    public double mean() {
        return told(PairedDifference::mean);
    }

    /** Lower end of the 95 % interval, in {@link #unit()}; NaN without {@link #ours()}. */
    public double low() {
        return told(PairedDifference::low);
    }

    /** Upper end of the 95 % interval, in {@link #unit()}; NaN without {@link #ours()}. */
    public double high() {
        return told(PairedDifference::high);
    }

    /** Standard deviation over the seeds, in {@link #unit()}; of a ratio the factor that one deviation is. */
    public double sd() {
        return told(PairedDifference::sd);
    }

    /** The paper's difference or ratio, in {@link #unit()}; NaN where it gives none. */
    public double paperValue() {
        return scale.told(paper.value());
    }

    private double told(ToDoubleFunction<PairedDifference> number) {
        return ours.isPresent() ? scale.told(number.applyAsDouble(ours.get())) : Double.NaN;
    }

    /** Two-sided p of the effect lying on the hypothesis's margin, by itself; 1 without {@link #ours()}. */
    public double p() {
        return ours.map(measured -> hypothesis.p(measured, scale)).orElse(1.0);
    }

    /**
     * The same by the sign-flip test, which supposes no normal distribution; 1 without {@link #ours()}, NaN for more seeds than it
     * counts.
     */
    public double signFlipP() {
        return ours.map(measured -> hypothesis.signFlipP(measured, scale)).orElse(1.0);
    }

    /** Whether the claim held, looked at by itself: not corrected for other claims. Of primary hypotheses alone is it a verdict. */
    public Verdict alone() {
        return Verdict.of(p(), ours.isPresent() && hypothesis.holds(ours.get().mean(), scale));
    }

    /** What is tested, in words: {@code "less than −1 points"}. */
    public String rule() {
        return hypothesis.rule(scale, unit);
    }

    /** One plain sentence with size, interval, seeds, and the paper's number beside. */
    public String sentence() {
        String theirs = paper.isKnown() ? "; the paper " + paperWords() : "";
        if (planned == 0) {
            return "\"%s\" was not measured%s.".formatted(name, theirs);
        }
        if (ours.isEmpty()) {
            return "\"%s\" needs at least 2 seeds with every variant finished (%d planned%s)%s."
                    .formatted(name, planned, divergedWords(0), theirs);
        }
        return Phrase.fill(phrase.ours(), spoken(ours.get()), size(ours.get())) + theirs + ".";
    }

    /** The sign to put into words. A mean of exactly zero has none and takes the paper's, so "loses 0.0". */
    private double spoken(PairedDifference measured) {
        return measured.mean() == 0 ? paper.direction() : measured.mean();
    }

    /** An interval clear of zero is told as a size, like the mean; one that holds zero needs its signs. */
    private String size(PairedDifference measured) {
        int least = scale == Scale.RATIO ? RATIO_DECIMALS : DECIMALS;
        int decimals = scale.decimals(least, measured.mean(), measured.low(), measured.high());
        String interval;
        if (measured.low() <= 0 && measured.high() >= 0) {
            interval = "95 % interval of the " + scale.name().toLowerCase(Locale.ROOT) + " "
                    + scale.signed(measured.low(), decimals) + " to " + scale.signed(measured.high(), decimals);
        } else {
            double near = Math.min(Math.abs(measured.low()), Math.abs(measured.high()));
            double far = Math.max(Math.abs(measured.low()), Math.abs(measured.high()));
            interval = "95 % interval " + Numbers.fixed(scale.told(near), decimals) + " to "
                    + Numbers.fixed(scale.told(far), decimals);
        }
        String seeds = measured.n() == planned ? planned + " seeds" : measured.n() + " of " + planned + " seeds";
        return withUnit(Numbers.fixed(scale.size(measured.mean()), decimals)) + " (" + interval + ", " + seeds
                + divergedWords(measured.n()) + ")";
    }

    private String divergedWords(int pairs) {
        String words = diverged.words(pairs);
        return words.isEmpty() ? "" : "; " + words;
    }

    private String paperWords() {
        String size =
                paper.difference().isPresent() ? withUnit(Numbers.upTo(scale.size(paper.value()), PAPER_DECIMALS)) : "";
        String words = Phrase.fill(phrase.paper(), paper.direction(), size);
        return switch (paper.standing()) {
            case STATED -> words;
            case SECOND_HAND, RECOLLECTED -> words + " (" + paper.standing().note() + ")";
        };
    }

    private String withUnit(String number) {
        return unit.isEmpty() ? number : number + " " + unit;
    }
}
