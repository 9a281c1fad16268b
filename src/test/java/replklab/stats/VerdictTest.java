package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final PairedDifference ABOVE = new PairedDifference(List.of(1.0, 1.1, 0.9));
    private static final PairedDifference BELOW = new PairedDifference(List.of(-1.0, -1.1, -0.9));
    private static final PairedDifference ACROSS = new PairedDifference(List.of(1.0, -1.0, 0.5));

    @Test
    void anIntervalClearOfZeroDecides() {
        assertThat(Verdict.of(ABOVE, 1)).isEqualTo(Verdict.AS_IN_THE_PAPER);
        assertThat(Verdict.of(BELOW, -1)).isEqualTo(Verdict.AS_IN_THE_PAPER);
        assertThat(Verdict.of(ABOVE, -1)).isEqualTo(Verdict.OPPOSITE);
        assertThat(Verdict.of(BELOW, 1)).isEqualTo(Verdict.OPPOSITE);
    }

    /** Of an effect that the paper says nothing about there is only whether it is there. */
    @Test
    void withoutThePaperItIsClearOrNot() {
        assertThat(Verdict.of(ABOVE, 0)).isEqualTo(Verdict.CLEAR);
        assertThat(Verdict.of(BELOW, 0)).isEqualTo(Verdict.CLEAR);
        assertThat(Verdict.of(ACROSS, 0)).isEqualTo(Verdict.NOT_RESOLVED);
    }

    @Test
    void anIntervalThatHoldsZeroDoesNot() {
        assertThat(Verdict.of(ACROSS, 1)).isEqualTo(Verdict.NOT_RESOLVED);
        assertThat(Verdict.of(ACROSS, -1)).isEqualTo(Verdict.NOT_RESOLVED);
    }

    @Test
    void zeroAtTheVeryEndStillCountsAsHeld() {
        // All differences are the same, so the interval is the one point.
        assertThat(Verdict.of(new PairedDifference(List.of(0.0, 0.0)), 1)).isEqualTo(Verdict.NOT_RESOLVED);
        assertThat(Verdict.of(new PairedDifference(List.of(1e-9, 1e-9)), 1)).isEqualTo(Verdict.AS_IN_THE_PAPER);
        assertThat(Verdict.of(new PairedDifference(List.of(-1e-9, -1e-9)), 1)).isEqualTo(Verdict.OPPOSITE);
        // The same sample moved so that its interval just passes, and just misses, zero.
        double half = ACROSS.high() - ACROSS.mean();
        assertThat(Verdict.of(moved(ACROSS, half - ACROSS.mean() + 1e-9), 1)).isEqualTo(Verdict.AS_IN_THE_PAPER);
        assertThat(Verdict.of(moved(ACROSS, half - ACROSS.mean() - 1e-9), 1)).isEqualTo(Verdict.NOT_RESOLVED);
    }

    @Test
    void theWordsAreFixed() {
        assertThat(Verdict.values())
                .extracting(Verdict::toString)
                .containsExactly("as in the paper", "opposite", "clear of no effect", "not resolved at this scale");
    }

    @Test
    void thePaperHasADirection() {
        assertThatThrownBy(() -> Verdict.of(ABOVE, 2)).hasMessage("the paper's effect has direction 1, -1 or 0, not 2");
        assertThatThrownBy(() -> PaperEffect.of(new PaperValue(0, Standing.STATED), "table 2"))
                .hasMessage("the paper's difference in table 2 is zero: there is no direction to reproduce");
        assertThatThrownBy(() -> new PaperEffect(1, OptionalDouble.of(-2), "table 2", Standing.STATED))
                .hasMessage("the paper's difference -2.0 does not have direction 1");
    }

    private static PairedDifference moved(PairedDifference from, double by) {
        return new PairedDifference(
                from.differences().stream().map(value -> value + by).toList());
    }
}
