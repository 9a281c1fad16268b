package replklab.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import replklab.stats.Holm;
import replklab.stats.Numbers;
import replklab.stats.StudentInterval;
import replklab.stats.Verdict;

/**
 * An effect and what was decided about the claim on it, together with all other claims of a page.
 *
 * @param effect the effect
 * @param pAdjusted of the effect lying on the claim's margin, after Holm; NaN of secondary hypotheses
 * @param low lower end of the interval: of primary hypotheses all intervals of the page hold at once with 95 % (Bonferroni's), of others each by
 *     itself
 * @param high its upper end
 * @param verdict empty of secondary hypotheses
 */
public record Decision(PublishedEffect effect, double pAdjusted, double low, double high, Optional<Verdict> verdict) {
    /**
     * Decides all primary hypotheses among some effects together.
     *
     * @return in the same order
     */
    public static List<Decision> of(List<PublishedEffect> effects) {
        List<PublishedEffect> primaries = effects.stream()
                .filter(effect -> effect.hypothesis().isPrimary())
                .toList();
        double[] adjusted =
                Holm.adjusted(primaries.stream().mapToDouble(PublishedEffect::p).toArray());
        List<Decision> decisions = new ArrayList<>();
        int primary = 0;
        for (PublishedEffect effect : effects) {
            decisions.add(
                    effect.hypothesis().isPrimary()
                            ? decided(effect, adjusted[primary++], primaries.size())
                            : new Decision(effect, Double.NaN, effect.low(), effect.high(), Optional.empty()));
        }
        return List.copyOf(decisions);
    }

    private static Decision decided(PublishedEffect effect, double p, int together) {
        double middle = effect.scale().place(effect.ours());
        double half = effect.isMeasured()
                ? StudentInterval.halfWidth(effect.scale().place(effect.sd()), effect.seeds(), together)
                : Double.NaN;
        return new Decision(
                effect,
                p,
                effect.scale().told(middle - half),
                effect.scale().told(middle + half),
                Optional.of(
                        Verdict.of(p, effect.isMeasured() && effect.hypothesis().holds(middle, effect.scale()))));
    }

    /** The interval, such as {@code "−8.81 to −2.11"}. */
    public String intervalText() {
        return effect.intervalText(low, high);
    }

    /** Ours and the interval in short, such as {@code "−5.46 [−8.81, −2.11] points"}. */
    public String shortText() {
        return effect.shortText(low, high);
    }

    /** The adjusted p, such as {@code "0.012"} or {@code "< 0.001"}; empty of secondary hypotheses. */
    public String pText() {
        return Numbers.p(pAdjusted);
    }
}
