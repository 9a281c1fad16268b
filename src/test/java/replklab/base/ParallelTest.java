package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void everyPartIsDoneOnce() {
        AtomicIntegerArray counts = new AtomicIntegerArray(1000);
        Parallel.forEach(1000, counts::incrementAndGet);
        for (int i = 0; i < 1000; i++) {
            assertThat(counts.get(i)).isOne();
        }
    }

    @Test
    void aCallFromWithinAPartWorksAlone() {
        AtomicIntegerArray counts = new AtomicIntegerArray(64 * 64);
        Parallel.forEach(64, i -> Parallel.forEach(64, j -> counts.incrementAndGet(i * 64 + j)));
        for (int i = 0; i < counts.length(); i++) {
            assertThat(counts.get(i)).isOne();
        }
    }

    @Test
    void theFirstExceptionReachesTheCaller() {
        assertThatThrownBy(() -> Parallel.forEach(100, i -> {
                    if (i == 37) {
                        throw new IllegalStateException("part 37");
                    }
                }))
                .hasMessage("part 37");
        Parallel.forEach(10, i -> {}); // and the next call works
    }

    @Test
    void cutsCoverTheWholeLength() {
        assertThat(Parallel.cut(10, 3, 0)).isZero();
        assertThat(Parallel.cut(10, 3, 3)).isEqualTo(10);
        assertThat(Parallel.cut(10, 3, 2) - Parallel.cut(10, 3, 1)).isBetween(3, 4);
    }

    /** A helper that has nothing more to do must not hold the last tensors that it worked on. */
    @Test
    void whatWasWorkedOnIsLetGo() {
        WeakReference<Object> worked = workTogetherOn(new Object());
        for (int i = 0; i < 100 && worked.get() != null; i++) {
            System.gc();
        }
        assertThat(worked.get()).isNull();
    }

    private static WeakReference<Object> workTogetherOn(Object what) {
        EveryThread.run(() -> assertThat(what).isNotNull());
        return new WeakReference<>(what);
    }
}
