package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimingTest {
    /** Quartiles as NumPy's {@code percentile} and R's type 7 have them. */
    @Test
    void summarises() {
        assertThat(Timing.of(4, 1, 3, 2)).isEqualTo(new Timing(4, 2.5, 1.75, 3.25, 1, 4));
        assertThat(Timing.of(7)).isEqualTo(new Timing(1, 7, 7, 7, 7, 7));
    }

    @Test
    void nothingMeasuredHasNoSummary() {
        assertThatThrownBy(Timing::of)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }
}
