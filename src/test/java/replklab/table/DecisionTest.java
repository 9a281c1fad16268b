package replklab.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import replklab.stats.Alternative;
import replklab.stats.Hypothesis;
import replklab.stats.Scale;
import replklab.stats.Standing;
import replklab.stats.Verdict;

class DecisionTest {
    /** Two that are resolved by themselves, 0.03 and 0.04, are not when there are two of them. */
    @Test
    void primariesAreDecidedTogether() {
        List<Decision> alone = Decision.of(List.of(effect("a", Hypothesis.Role.PRIMARY, 0.03)));
        assertThat(alone.getFirst().verdict()).contains(Verdict.SUPPORTED);
        List<Decision> both = Decision.of(List.of(
                effect("a", Hypothesis.Role.PRIMARY, 0.03),
                effect("b", Hypothesis.Role.SECONDARY, 0.001),
                effect("c", Hypothesis.Role.PRIMARY, 0.04)));
        assertThat(both).extracting(each -> each.effect().name()).containsExactly("a", "b", "c");
        assertThat(both.get(0).pAdjusted()).isEqualTo(0.06);
        assertThat(both.get(0).verdict()).contains(Verdict.NOT_RESOLVED);
        assertThat(both.get(1).verdict()).isEmpty();
        assertThat(both.get(1).pAdjusted()).isNaN();
        assertThat(both.get(1).pText()).isEmpty();
        assertThat(both.get(2).pText()).isEqualTo("0.060");
    }

    /** {@code stats.t.interval(1-0.05/2, 4, loc=2, scale=1/np.sqrt(5))} of SciPy 1.17.1 is 0.43680694518744 to 3.56319305481256. */
    @Test
    void theIntervalsOfPrimariesHoldAtOnce() {
        List<Decision> both = Decision.of(
                List.of(effect("a", Hypothesis.Role.PRIMARY, 0.03), effect("c", Hypothesis.Role.PRIMARY, 0.04)));
        assertThat(both.getFirst().low()).isEqualTo(0.43680694518744123, within(1e-9));
        assertThat(both.getFirst().high()).isEqualTo(3.563193054812561, within(1e-9));
        Decision secondary = Decision.of(List.of(effect("b", Hypothesis.Role.SECONDARY, 0.001)))
                .getFirst();
        assertThat(secondary.low()).isEqualTo(0.76);
    }

    @Test
    void whatCouldNotBeMeasuredCountsAndIsNotResolved() {
        PublishedEffect none = new PublishedEffect(
                "x",
                "none",
                Scale.DIFFERENCE,
                "points",
                1,
                Standing.STATED,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                1,
                5,
                0,
                "table 2",
                hypothesis(Hypothesis.Role.PRIMARY),
                1);
        List<Decision> both = Decision.of(List.of(none, effect("a", Hypothesis.Role.PRIMARY, 0.03)));
        assertThat(both.get(0).verdict()).contains(Verdict.NOT_RESOLVED);
        assertThat(both.get(0).low()).isNaN();
        assertThat(both.get(1).pAdjusted()).isEqualTo(0.06);
    }

    private static PublishedEffect effect(String name, Hypothesis.Role role, double p) {
        return new PublishedEffect(
                "x",
                name,
                Scale.DIFFERENCE,
                "points",
                1,
                Standing.STATED,
                2,
                0.76,
                3.24,
                1,
                5,
                5,
                0,
                "table 2",
                hypothesis(role),
                p);
    }

    private static Hypothesis hypothesis(Hypothesis.Role role) {
        return new Hypothesis(role, "claimed", Alternative.GREATER, 0, "because");
    }
}
