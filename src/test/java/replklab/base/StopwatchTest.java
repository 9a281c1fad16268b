package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    @Test
    void everyCallIsMadeAndTimed() {
        AtomicInteger calls = new AtomicInteger();
        double[] times = Stopwatch.milliseconds(3, () -> pause(20 * calls.incrementAndGet()));
        assertThat(calls).hasValue(3);
        assertThat(times).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(times[i]).as("call %d sleeps", i).isGreaterThanOrEqualTo(20 * (i + 1));
        }
    }

    @Test
    void oneCallOfNone() {
        assertThat(Stopwatch.milliseconds(0, () -> {
                    throw new AssertionError("no call was asked for");
                }))
                .isEmpty();
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
