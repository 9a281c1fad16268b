package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HypothesisTest {
    /** As in {@link PairedDifferenceTest}: mean -3.88. */
    private static final PairedDifference D = PairedDifference.of(
            new double[] {68.8, 69.4, 70.1, 67.9, 68.2}, new double[] {72.7, 73.9, 72.1, 71.8, 73.3});

    /** {@code stats.ttest_1samp(d, margin).pvalue} of SciPy 1.17.1; of two margins the larger one. */
    @ParameterizedTest
    @CsvSource({
        "less,       -1,   0.005195721793664045, supported",
        "at most,    -1,   0.005195721793664045, supported",
        "greater,    -1,   0.005195721793664045, contradicted",
        "less,       -3,   0.1658435536928207,   not resolved",
        "greater,    -3,   0.1658435536928207,   not resolved",
        "less,       -5.5, 0.03568549192733511,  contradicted",
        "greater,    -5.5, 0.03568549192733511,  supported",
        "equivalent, 5.5,  0.03568549192733511,  supported",
        "equivalent, 1,    0.005195721793664045, contradicted",
        "equivalent, 3,    0.1658435536928207,   not resolved",
    })
    void againstAMargin(String test, double margin, double p, String verdict) {
        Hypothesis claim = Hypothesis.secondary(alternative(test), margin);
        assertThat(claim.p(D, Scale.DIFFERENCE)).isCloseTo(p, within(1e-12));
        assertThat(Verdict.of(p, claim.holds(D.mean(), Scale.DIFFERENCE))).hasToString(verdict);
    }

    /** A verdict says what one sees in the interval: wholly on one side of the margin, or not. */
    @Test
    void theVerdictIsThatOfTheInterval() {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 500; round++) {
            double middle = random.nextDouble(-3, 3);
            PairedDifference d = new PairedDifference(
                    random.doubles(6, -2, 2).map(each -> middle + each).boxed().toList());
            for (Alternative test : Alternative.values()) {
                double margin = random.nextDouble(0.1, 2);
                Hypothesis claim = Hypothesis.secondary(test, margin);
                double[] bounds = test.bounds(margin);
                boolean inside = d.low() > bounds[0] && d.high() < bounds[1];
                boolean outside = d.high() < bounds[0] || d.low() > bounds[1];
                assertThat(Verdict.of(claim.p(d, Scale.DIFFERENCE), claim.holds(d.mean(), Scale.DIFFERENCE)))
                        .isEqualTo(inside ? Verdict.SUPPORTED : outside ? Verdict.CONTRADICTED : Verdict.NOT_RESOLVED);
            }
        }
    }

    /** Twice and half as long are as far from no effect. */
    @Test
    void ratiosAreComparedByTheirLogarithms() {
        PairedDifference twice =
                new PairedDifference(List.of(Math.log(2), Math.log(2.05), Math.log(1.95), Math.log(2.02)));
        Hypothesis most = Hypothesis.secondary(Alternative.AT_MOST, 3);
        assertThat(most.p(twice, Scale.RATIO)).isEqualTo(twice.p(Math.log(3))).isLessThan(0.001);
        assertThat(most.holds(twice.mean(), Scale.RATIO)).isTrue();
        Hypothesis same = Hypothesis.secondary(Alternative.EQUIVALENT, 3);
        assertThat(same.holds(Math.log(2.9), Scale.RATIO)).isTrue();
        assertThat(same.holds(Math.log(1 / 2.9), Scale.RATIO)).isTrue();
        assertThat(same.holds(Math.log(1 / 3.1), Scale.RATIO)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "less; DIFFERENCE; -1; points; less than −1 points",
                "greater; DIFFERENCE; 0.5; points; greater than +0.5 points",
                "greater; DIFFERENCE; 0; points; greater than 0 points",
                "at most; RATIO; 9.3; times; at most ×9.3",
                "equivalent; DIFFERENCE; 3; points; within ±3 points",
                "equivalent; RATIO; 1.2; times; within ×1.2",
                "less; DIFFERENCE; -1; ''; less than −1",
            })
    void inWords(String test, Scale scale, double margin, String unit, String words) {
        assertThat(Hypothesis.secondary(alternative(test), margin).rule(scale, unit))
                .isEqualTo(words);
    }

    @Test
    void marginsThatAreNone() {
        assertThatThrownBy(() -> Hypothesis.secondary(Alternative.LESS, Double.NaN))
                .hasMessageContaining("margin is NaN");
        assertThatThrownBy(() -> Hypothesis.secondary(Alternative.AT_MOST, 0).requireMargin(Scale.RATIO))
                .hasMessage("margin is 0.0; of a ratio it must be above 0");
        assertThatThrownBy(() -> Hypothesis.secondary(Alternative.EQUIVALENT, 0).requireMargin(Scale.DIFFERENCE))
                .hasMessage("margin is 0.0; what is equivalent to no effect lies within a margin above 0");
        assertThatThrownBy(() -> Hypothesis.secondary(Alternative.EQUIVALENT, 1).requireMargin(Scale.RATIO))
                .hasMessage("margin is 1.0; what is equivalent to no effect lies within a margin above 1");
    }

    @Test
    void aPrimaryOneSaysWhatAndWhy() {
        assertThatThrownBy(() -> new Hypothesis(Hypothesis.Role.PRIMARY, " ", Alternative.LESS, 0, "because"))
                .hasMessageStartingWith("claim is missing");
        assertThatThrownBy(() -> new Hypothesis(Hypothesis.Role.PRIMARY, "large is better", Alternative.LESS, 0, ""))
                .hasMessageStartingWith("reason is missing");
    }

    private static Alternative alternative(String words) {
        return List.of(Alternative.values()).stream()
                .filter(each -> each.toString().equals(words))
                .findFirst()
                .orElseThrow();
    }
}
