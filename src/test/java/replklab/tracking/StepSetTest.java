package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepSetTest {
    @Test
    void isASet() {
        SplittableRandom random = new SplittableRandom(1);
        StepSet steps = new StepSet();
        Set<Long> plain = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            long step = random.nextLong(-300, 300);
            assertThat(steps.add(step)).isEqualTo(plain.add(step));
            long other = random.nextLong(-310, 310);
            assertThat(steps.contains(other)).isEqualTo(plain.contains(other));
            long last = other + random.nextInt(4);
            assertThat(steps.containsAll(other, last))
                    .isEqualTo(LongStream.rangeClosed(other, last).allMatch(plain::contains));
        }
    }

    @Test
    void stepsInARowTakeNoRoom() {
        StepSet steps = new StepSet();
        for (long step = 1; step <= 1000; step++) {
            steps.add(step);
        }
        for (long step = 2001; step > 1000; step--) {
            steps.add(step);
        }
        assertThat(steps.ranges()).isEqualTo(1);
        assertThat(steps.contains(0)).isFalse();
        assertThat(steps.contains(2002)).isFalse();
    }

    @Test
    void theFarthestStepsCountToo() {
        StepSet steps = new StepSet();
        assertThat(steps.add(Long.MAX_VALUE)).isTrue();
        assertThat(steps.add(Long.MIN_VALUE)).isTrue();
        assertThat(steps.add(Long.MAX_VALUE)).isFalse();
        assertThat(steps.add(Long.MIN_VALUE)).isFalse();
        assertThat(steps.ranges()).isEqualTo(2);
    }
}
