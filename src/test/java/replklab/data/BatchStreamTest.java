package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import replklab.base.LabException;

@Timeout(60) // a leaked worker would hang the build instead
class BatchStreamTest {
    private static final ImageShape SHAPE = new ImageShape(1, 1, 1);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<Integer> made = ConcurrentHashMap.newKeySet();

    private Batch make(int index) {
        threads.add(Thread.currentThread());
        made.add(index);
        return new Batch(new float[] {index}, 1, SHAPE, new int[1], new float[] {1});
    }

    @Test
    void deliversInOrderOnDaemonThreadsThatEnd() throws InterruptedException {
        try (var stream = new BatchStream((index, stopped) -> make(index), 3, 40, 4)) {
            for (int k = 3; k < 40; k++) {
                assertThat(stream.next().images()).containsExactly(k);
            }
            assertThat(stream.hasNext()).isFalse();
            assertEnded(); // before close: the end is enough
            assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        }
        assertThat(threads).allMatch(Thread::isDaemon).doesNotContain(Thread.currentThread());
    }

    @Test
    void runsAheadByTwoBatchesAWorkerAndNoFurther() throws InterruptedException {
        var sixth = new CountDownLatch(6);
        try (var stream = new BatchStream(
                (index, stopped) -> {
                    Batch batch = make(index);
                    sixth.countDown();
                    return batch;
                },
                0,
                100,
                3)) {
            sixth.await();
            assertThat(made).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
            stream.next();
            assertThat(made).hasSizeLessThanOrEqualTo(7);
        }
    }

    @Test
    void aWorkersFailureIsThrownAsItIsAndInItsTurn() throws InterruptedException {
        var failure = new LabException("image x cannot be read");
        try (var stream = new BatchStream(
                (index, stopped) -> {
                    if (index == 2) {
                        throw failure;
                    }
                    return make(index);
                },
                0,
                50,
                3)) {
            stream.next();
            stream.next();
            assertThatThrownBy(stream::next).isSameAs(failure);
            assertThat(stream.hasNext()).isFalse();
            assertEnded();
        }
    }

    @Test
    void errorsPassToo() {
        var failure = new StackOverflowError("deep");
        try (var stream = new BatchStream(
                (index, stopped) -> {
                    throw failure;
                },
                0,
                1,
                1)) {
            assertThatThrownBy(stream::next).isSameAs(failure);
        }
    }

    @Test
    void closingEarlyStopsTheWorkersInTheMiddleOfABatch() throws InterruptedException {
        var started = new CountDownLatch(2);
        try (var stream = new BatchStream(
                (index, stopped) -> {
                    Batch batch = make(index);
                    started.countDown();
                    while (!stopped.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                    return batch;
                },
                0,
                50,
                2)) {
            started.await();
            assertThat(stream.hasNext()).isTrue();
        }
        assertEnded();
        assertThat(made).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void anInterruptedConsumerLearnsSoAndTheWorkersStop() throws InterruptedException {
        try (var stream = new BatchStream(
                (index, stopped) -> {
                    while (!stopped.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                    return make(index);
                },
                0,
                50,
                1)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::next).isInstanceOf(LabException.class).hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(stream.hasNext()).isFalse();
        }
        assertEnded();
    }

    private void assertEnded() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
