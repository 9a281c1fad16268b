package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class WelchDifferenceTest {
    /** By hand: va = 4 / 3, vb = 13 / 3, t = 4 / sqrt(17 / 3), degrees of freedom (17 / 3)^2 / (8 / 9 + 169 / 18). */
    @Test
    void agreesWithTheTextbook() {
        WelchDifference welch = new WelchDifference(List.of(83.0, 85.0, 90.0), List.of(80.0, 82.0, 84.0));
        assertThat(welch.mean()).isCloseTo(4, within(1e-12));
        double degrees = Math.pow(17 / 3.0, 2) / (8 / 9.0 + 169 / 18.0);
        double t = welch.mean() / Math.sqrt(17 / 3.0);
        var student = new org.hipparchus.distribution.continuous.TDistribution(degrees);
        assertThat(welch.p()).isCloseTo(2 * student.cumulativeProbability(-t), within(1e-9));
        assertThat(welch.halfWidth())
                .isCloseTo(student.inverseCumulativeProbability(0.975) * Math.sqrt(17 / 3.0), within(1e-9));
        assertThat(welch.effectSize()).isCloseTo(4 / Math.sqrt((13 + 4) / 2.0), within(1e-12));
    }

    @Test
    void valuesThatDoNotVaryLeaveNoDoubt() {
        assertThat(new WelchDifference(List.of(1.0, 1.0), List.of(1.0, 1.0)).p())
                .isEqualTo(1);
        WelchDifference apart = new WelchDifference(List.of(2.0, 2.0), List.of(1.0, 1.0));
        assertThat(apart.p()).isZero();
        assertThat(apart.halfWidth()).isZero();
    }

    @Test
    void oneValueIsTooFew() {
        assertThatThrownBy(() -> new WelchDifference(List.of(1.0), List.of(1.0, 2.0)))
                .hasMessageContaining("2 values on each side, not 1 and 2");
    }
}
