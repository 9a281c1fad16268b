package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HolmTest {
    /** By hand: 5 x 0.005, 4 x 0.01, 3 x 0.03, 2 x 0.04 (below the one before it), 0.6. */
    @Test
    void byHand() {
        assertThat(Holm.adjusted(0.01, 0.04, 0.03, 0.005, 0.6))
                .containsExactly(new double[] {0.04, 0.09, 0.09, 0.025, 0.6}, within(1e-15));
        assertThat(Holm.adjusted(0.03)).containsExactly(0.03);
        assertThat(Holm.adjusted()).isEmpty();
    }

    @Test
    void whatWasNotTestedDoesNotCount() {
        assertThat(Holm.adjusted(Double.NaN, 0.02, 0.04)).containsExactly(Double.NaN, 0.04, 0.04);
    }

    @Test
    void neverSmallerThanAloneNorLargerThanByBonferroni() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            double[] p = random.doubles(random.nextInt(1, 12)).map(u -> u * u).toArray();
            double[] adjusted = Holm.adjusted(p);
            for (int i = 0; i < p.length; i++) {
                assertThat(adjusted[i]).isBetween(p[i], Math.min(1, p.length * p[i]) + 1e-15);
                for (int j = 0; j < p.length; j++) {
                    assertThat(adjusted[i] <= adjusted[j] || p[i] > p[j]).isTrue(); // the order stays
                }
            }
        }
    }

    @Test
    void whatIsNoPIsRefused() {
        assertThatThrownBy(() -> Holm.adjusted(0.5, 1.5)).hasMessage("a p-value is 0 to 1, not 1.5");
        assertThatThrownBy(() -> Holm.adjusted(-0.1)).hasMessage("a p-value is 0 to 1, not -0.1");
    }
}
