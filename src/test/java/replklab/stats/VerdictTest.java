package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void aSmallPDecidesByTheSide() {
        assertThat(Verdict.of(0.049, true)).isEqualTo(Verdict.SUPPORTED);
        assertThat(Verdict.of(0.049, false)).isEqualTo(Verdict.CONTRADICTED);
        assertThat(Verdict.of(0, true)).isEqualTo(Verdict.SUPPORTED);
    }

    @Test
    void aLargeOneDecidesNothing() {
        assertThat(Verdict.of(Verdict.LEVEL, true)).isEqualTo(Verdict.NOT_RESOLVED);
        assertThat(Verdict.of(1, false)).isEqualTo(Verdict.NOT_RESOLVED);
        assertThat(Verdict.of(Double.NaN, true)).isEqualTo(Verdict.NOT_RESOLVED);
    }

    @Test
    void theWordsThatGoIntoTheSummary() {
        assertThat(Verdict.values())
                .extracting(Verdict::toString)
                .containsExactly("supported", "contradicted", "not resolved");
    }

    @Test
    void thePaperHasADirection() {
        assertThatThrownBy(() -> PaperEffect.of(new PaperValue(0, Standing.STATED), "table 2"))
                .hasMessage("the paper's difference in table 2 is zero: there is no direction to reproduce");
        assertThatThrownBy(() -> new PaperEffect(1, OptionalDouble.of(-2), "table 2", Standing.STATED))
                .hasMessage("the paper's difference -2.0 does not have direction 1");
    }
}
