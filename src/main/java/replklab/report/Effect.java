package replklab.report;

import java.util.List;
import java.util.Optional;

/**
 * One effect of the paper beside ours. The verdict and the sentence follow from the numbers by rule.
 *
 * @param name a short name for tables and charts, such as {@code "kernel 13 without shortcut"}
 * @param phrase its words
 * @param unit unit of the differences, such as {@code "points"} (percentage points); may be empty
 * @param ours what was measured; empty when fewer than two seeds are complete, because then there is no interval
 * @param planned number of seeds that were to be run; those that did not finish are told, not hidden
 * @param paper what the paper found
 */
public record Effect(
        String name, Phrase phrase, String unit, Optional<PairedDifference> ours, int planned, PaperEffect paper) {
    private static final int DECIMALS = 1;
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
    }

    /**
     * Measures an effect on finished runs.
     *
     * @param contrast what is compared with what
     * @param runs the experiment's runs, failed ones included
     */
    public static Effect of(
            String name, Phrase phrase, String unit, Contrast contrast, List<RunRow> runs, PaperEffect paper) {
        return new Effect(name, phrase, unit, contrast.measure(runs), contrast.planned(runs), paper);
    }

    /** Whether the paper's effect appeared. */
    public Verdict verdict() {
        return ours.map(measured -> Verdict.of(measured, paper.direction())).orElse(Verdict.NOT_RESOLVED);
    }

    /** One plain sentence that says whether the effect appeared. */
    public String sentence() {
        if (ours.isEmpty()) {
            return "Not resolved at this scale: the effect \"%s\" needs at least 2 seeds with every variant finished (%d planned); the paper %s."
                    .formatted(name, planned, paperWords());
        }
        String found = Phrase.fill(phrase.ours(), spoken(ours.get()), size(ours.get()));
        return found
                + switch (verdict()) {
                    case AS_IN_THE_PAPER -> ": as in the paper, which ";
                    case OPPOSITE -> ": opposite to the paper, which ";
                    case NOT_RESOLVED -> ": not resolved at this scale; the paper ";
                }
                + paperWords() + ".";
    }

    /** The sign to put into words. A mean of exactly zero has none and takes the paper's, so "loses 0.0". */
    private double spoken(PairedDifference measured) {
        return measured.mean() == 0 ? paper.direction() : measured.mean();
    }

    /** An interval clear of zero is told as a size, like the mean; one that holds zero needs its signs. */
    private String size(PairedDifference measured) {
        int decimals = Numbers.decimalsFor(DECIMALS, measured.mean(), measured.low(), measured.high());
        String interval;
        if (verdict() == Verdict.NOT_RESOLVED) {
            interval = "95 % interval of the difference " + Numbers.signed(measured.low(), decimals) + " to "
                    + Numbers.signed(measured.high(), decimals);
        } else {
            double near = Math.min(Math.abs(measured.low()), Math.abs(measured.high()));
            double far = Math.max(Math.abs(measured.low()), Math.abs(measured.high()));
            interval = "95 % interval " + Numbers.fixed(near, decimals) + " to " + Numbers.fixed(far, decimals);
        }
        String seeds = measured.n() == planned ? planned + " seeds" : measured.n() + " of " + planned + " seeds";
        return withUnit(Numbers.fixed(Math.abs(measured.mean()), decimals)) + " (" + interval + ", " + seeds + ")";
    }

    private String paperWords() {
        String size =
                paper.difference().isPresent() ? withUnit(Numbers.upTo(Math.abs(paper.value()), PAPER_DECIMALS)) : "";
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
