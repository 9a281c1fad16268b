package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import replklab.base.NativeCaches;
import replklab.tensor.Storage.Returned;

/** A pool alone: what is free waits by size, and what was used longest ago goes first. */
class MemoryPoolTest {
    private static final long SMALL = Storage.bytesFor(100);
    private static final long LARGE = Storage.bytesFor(1000);

    private final MemoryPool pool = new MemoryPool();

    @AfterEach
    void giveBack() {
        pool.evict(Long.MAX_VALUE, true);
        assertThat(pool.bytes()).isZero();
    }

    @Test
    void whatWasReleasedIsHandedOutAgain() {
        Storage first = pool.acquire(100);
        long address = first.memory().address();
        assertThat(pool.bytes()).isZero();
        pool.release(first, Returned.BY_CLOSING);
        assertThat(pool.bytes()).isEqualTo(SMALL);
        Storage other = pool.acquire(1000);
        assertThat(pool.bytes()).as("another size takes nothing of it").isEqualTo(SMALL);
        Storage again = pool.acquire(100);
        assertThat(again.memory().address()).isEqualTo(address);
        assertThat(pool.bytes()).isZero();
        assertThat(pool.takenBytes()).isEqualTo(SMALL + LARGE);
        pool.release(again, Returned.BY_CLOSING);
        pool.release(other, Returned.BY_CLOSING);
        assertThat(pool.bytes()).isEqualTo(SMALL + LARGE);
    }

    @Test
    void theSizeUsedLongestAgoGoesFirst() {
        Storage small = pool.acquire(100);
        Storage large = pool.acquire(1000);
        assertThat(pool.oldest(true)).as("nothing is free").isEqualTo(Long.MAX_VALUE);
        pool.release(small, Returned.BY_CLOSING);
        long then = NativeCaches.now();
        NativeCaches.tick();
        pool.release(large, Returned.BY_CLOSING);
        assertThat(pool.oldest(true)).isEqualTo(then);
        pool.evict(then - 1, true);
        assertThat(pool.bytes()).isEqualTo(SMALL + LARGE);
        pool.evict(then, true);
        assertThat(pool.bytes()).isEqualTo(LARGE);
        assertThat(pool.takenBytes()).isEqualTo(LARGE);
        assertThat(pool.oldest(true)).isEqualTo(then + 1);
    }

    @Test
    void whatTheLastTwoTapesUsedStays() {
        pool.tapeOpens();
        pool.release(pool.acquire(100), Returned.BY_CLOSING);
        for (int tape = 0; tape < 2; tape++) {
            assertThat(pool.oldest(false)).isEqualTo(Long.MAX_VALUE);
            pool.evict(Long.MAX_VALUE, false);
            assertThat(pool.bytes()).isEqualTo(SMALL);
            pool.tapeOpens();
        }
        assertThat(pool.oldest(false)).isLessThan(Long.MAX_VALUE);
        pool.evict(Long.MAX_VALUE, false);
        assertThat(pool.bytes()).isZero();
    }
}
