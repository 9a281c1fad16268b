package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.report.Shortcuts;

class EffectTest {
    private static final PaperEffect LOSS = PaperEffect.of(new PaperValue(-18.55, Standing.STATED), "table 2");
    private static final PaperEffect GAIN = PaperEffect.of(new PaperValue(0.9, Standing.STATED), "table 3");

    @Test
    void oursAndThePapers() {
        assertThat(effect(LOSS, -4, -4.5, -3.5, -4.2, -3.8).sentence())
                .isEqualTo("Without shortcuts, kernel 13 loses 4.0 points (95 % interval 3.5 to 4.5, 5 seeds)"
                        + " on Fashion-MNIST; the paper lost 18.55 points on ImageNet.");
        assertThat(effect(GAIN, 4, 4.5, 3.5, 4.2, 3.8).sentence())
                .isEqualTo("Without shortcuts, kernel 13 gains 4.0 points (95 % interval 3.5 to 4.5, 5 seeds)"
                        + " on Fashion-MNIST; the paper gained 0.9 points on ImageNet.");
    }

    @Test
    void theOtherWay() {
        assertThat(effect(LOSS, 4, 4.5, 3.5, 4.2, 3.8).sentence())
                .isEqualTo("Without shortcuts, kernel 13 gains 4.0 points (95 % interval 3.5 to 4.5, 5 seeds)"
                        + " on Fashion-MNIST; the paper lost 18.55 points on ImageNet.");
        assertThat(effect(GAIN, -4, -4.5, -3.5, -4.2, -3.8).sentence())
                .isEqualTo("Without shortcuts, kernel 13 loses 4.0 points (95 % interval 3.5 to 4.5, 5 seeds)"
                        + " on Fashion-MNIST; the paper gained 0.9 points on ImageNet.");
    }

    @Test
    void anIntervalThatHoldsZeroTellsItsSigns() {
        assertThat(effect(LOSS, -1, 1, -2).sentence())
                .isEqualTo("Without shortcuts, kernel 13 loses 0.7 points"
                        + " (95 % interval of the difference −4.5 to +3.1, 3 seeds) on Fashion-MNIST;"
                        + " the paper lost 18.55 points on ImageNet.");
        assertThat(effect(GAIN, 1, -1, 2).sentence())
                .isEqualTo("Without shortcuts, kernel 13 gains 0.7 points"
                        + " (95 % interval of the difference −3.1 to +4.5, 3 seeds) on Fashion-MNIST;"
                        + " the paper gained 0.9 points on ImageNet.");
    }

    @Test
    void noDifferenceAtAll() {
        assertThat(effect(LOSS, 0, 0).sentence())
                .isEqualTo("Without shortcuts, kernel 13 loses 0.0 points"
                        + " (95 % interval of the difference 0.0 to 0.0, 2 seeds) on Fashion-MNIST;"
                        + " the paper lost 18.55 points on ImageNet.");
    }

    @Test
    void aSmallEffectThatIsResolvedIsNotRoundedToNone() {
        assertThat(effect(LOSS, -0.03, -0.031, -0.029).sentence())
                .contains("loses 0.03 points (95 % interval 0.03 to 0.03, 3 seeds)");
    }

    @Test
    void missingSeedsAreTold() {
        PairedDifference three = new PairedDifference(List.of(-4.0, -4.1, -3.9));
        Effect effect = new Effect(
                "name",
                Shortcuts.LOSES,
                "points",
                Scale.DIFFERENCE,
                Optional.of(three),
                5,
                LOSS,
                DivergedPairs.NONE,
                Shortcuts.PRIMARY,
                Optional.empty());
        assertThat(effect.sentence()).contains("3 of 5 seeds");
        Effect none = new Effect(
                "kernel 13",
                Shortcuts.LOSES,
                "points",
                Scale.DIFFERENCE,
                Optional.empty(),
                1,
                LOSS,
                DivergedPairs.NONE,
                Shortcuts.PRIMARY,
                Optional.empty());
        assertThat(none.p()).isOne();
        assertThat(none.alone()).isEqualTo(Verdict.NOT_RESOLVED);
        assertThat(none.sentence())
                .isEqualTo("\"kernel 13\" needs at least 2 seeds with every"
                        + " variant finished (1 planned); the paper lost 18.55 points on ImageNet.");
    }

    @Test
    void theStandingOfThePapersNumberIsTold() {
        PaperEffect recollected = PaperEffect.of(new PaperValue(-15.3, Standing.RECOLLECTED), "table 11");
        assertThat(effect(recollected, -4, -4.5, -3.5).sentence())
                .endsWith("; the paper lost 15.3 points on ImageNet"
                        + " (recollected: could not be confirmed from a text at hand).");
        PaperEffect second = PaperEffect.of(new PaperValue(-15.3, Standing.SECOND_HAND), "table 5");
        assertThat(effect(second, -4, -4.5, -3.5).sentence())
                .endsWith("(second-hand: read in someone's notes on the paper).");
    }

    @Test
    void aPaperWithoutANumberStillHasADirection() {
        Phrase phrase = new Phrase("Kernel 13 {raises|lowers} shape bias by {size}", "found shape bias to {rise|fall}");
        PaperEffect paper = PaperEffect.towards(1, "section 5", Standing.STATED);
        PairedDifference ours = new PairedDifference(List.of(0.20, 0.21, 0.22));
        Effect effect = new Effect(
                "shape bias",
                phrase,
                "",
                Scale.DIFFERENCE,
                Optional.of(ours),
                3,
                paper,
                DivergedPairs.NONE,
                Shortcuts.RISES,
                Optional.empty());
        assertThat(effect.sentence())
                .isEqualTo("Kernel 13 raises shape bias by 0.2 (95 % interval 0.2 to 0.2, 3 seeds);"
                        + " the paper found shape bias to rise.");
        assertThatThrownBy(() -> new Effect(
                        "shape bias",
                        Shortcuts.LOSES,
                        "",
                        Scale.DIFFERENCE,
                        Optional.of(ours),
                        3,
                        paper,
                        DivergedPairs.NONE,
                        Shortcuts.RISES,
                        Optional.empty()))
                .hasMessage("effect 'shape bias': the paper gives no number, but its phrase holds {size}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "kernel 13 loses; the phrase for ours must hold {size} exactly once",
                "{size} and {size}; the phrase for ours must hold {size} exactly once",
                "loses {sise}; the phrase for ours has the slot {sise}; allowed are",
                "{gains|} {size}; the phrase for ours has the slot {gains|}",
                "{gains|loses|x} {size}; the phrase for ours has the slot {gains|loses|x}",
                "loses {size}.; the phrase for ours must be words without a full stop",
                "loses {size} {; the phrase for ours has a brace without its partner",
            })
    void phrasesAreChecked(String ours, String message) {
        assertThatThrownBy(() -> new Phrase(ours, "lost {size}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aRatioIsToldAsOneWhicheverWayItGoes() {
        Phrase phrase = new Phrase("31x31 takes {size} {as long as|less than} 3x3", "measured {size} {as long|less}");
        PaperEffect paper = PaperEffect.of(new PaperValue(Math.log(1.5), Standing.STATED), "table 1");
        Effect slower = ratio(phrase, paper, 2.0, 2.1, 1.9);
        assertThat(slower.sentence())
                .isEqualTo("31x31 takes 2.00 times (95 % interval 1.76 to 2.26, 3 seeds) as long as 3x3;"
                        + " the paper measured 1.5 times as long.");
        assertThat(slower.mean()).isCloseTo(Math.cbrt(2.0 * 2.1 * 1.9), within(1e-12));
        assertThat(slower.paperValue()).isCloseTo(1.5, within(1e-12));
        assertThat(ratio(phrase, paper, 1 / 2.0, 1 / 2.1, 1 / 1.9).sentence())
                .isEqualTo("31x31 takes 2.00 times (95 % interval 1.76 to 2.26, 3 seeds) less than 3x3;"
                        + " the paper measured 1.5 times as long.");
        assertThat(ratio(phrase, paper, 1.1, 0.9, 1.05).sentence())
                .contains("(95 % interval of the ratio ×0.78 to ×1.32, 3 seeds)")
                .endsWith("; the paper measured 1.5 times as long.");
        assertThat(ratio(phrase, paper, 1.0001, 1.0001, 1.0001).sentence()).contains("takes 1.0001 times");
    }

    private static Effect ratio(Phrase phrase, PaperEffect paper, double... ratios) {
        PairedDifference ours = new PairedDifference(
                Arrays.stream(ratios).map(Math::log).boxed().toList());
        return new Effect(
                "name",
                phrase,
                "times",
                Scale.RATIO,
                Optional.of(ours),
                ratios.length,
                paper,
                DivergedPairs.NONE,
                Hypothesis.secondary(Alternative.AT_MOST, 9),
                Optional.empty());
    }

    private static Effect effect(PaperEffect paper, double... differences) {
        PairedDifference ours = PairedDifference.of(differences, new double[differences.length]);
        return new Effect(
                "name",
                Shortcuts.LOSES,
                "points",
                Scale.DIFFERENCE,
                Optional.of(ours),
                differences.length,
                paper,
                DivergedPairs.NONE,
                Shortcuts.PRIMARY,
                Optional.empty());
    }
}
