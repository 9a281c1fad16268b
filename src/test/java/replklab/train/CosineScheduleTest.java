package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {
    @Test
    void warmsUpThenFallsToZero() {
        CosineSchedule schedule = new CosineSchedule(0.4, 4, 12);
        assertThat(schedule.rate(0)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.rate(2)).isCloseTo(0.3, within(1e-12));
        assertThat(schedule.rate(3)).isCloseTo(0.4, within(1e-12));
        assertThat(schedule.rate(4)).isCloseTo(0.4, within(1e-12));
        assertThat(schedule.rate(6)).isCloseTo(0.2 * (1 + Math.sqrt(0.5)), within(1e-12));
        assertThat(schedule.rate(8)).isCloseTo(0.2, within(1e-12));
        assertThat(schedule.rate(11)).isCloseTo(0.2 * (1 + Math.cos(Math.PI * 7 / 8)), within(1e-12));
        assertThat(schedule.rate(12)).isCloseTo(0, within(1e-12));
        assertThat(schedule.rate(100)).isCloseTo(0, within(1e-12));
    }

    @Test
    void mayStartAtThePeak() {
        CosineSchedule schedule = new CosineSchedule(0.4, 0, 2);
        assertThat(schedule.rate(0)).isEqualTo(0.4);
        assertThat(schedule.rate(1)).isCloseTo(0.2, within(1e-12));
    }
}
