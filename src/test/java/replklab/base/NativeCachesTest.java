package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One budget for all caches: the longest unused goes first, and nothing that is in use. */
class NativeCachesTest {
    private static final long PIECE = 1 << 20;

    private final Reusables<Integer, Form> forms = new Reusables<>();
    private final List<Integer> gone = new ArrayList<>();
    private long budget;

    private final class Form extends Reusable {
        final int key;
        final NativePiece piece = NativeMemory.take(PIECE, new AtomicLong());

        Form(int key) {
            this.key = key;
        }

        @Override
        protected long bytes() {
            return PIECE;
        }

        @Override
        protected void free() {
            piece.free();
            gone.add(key);
        }
    }

    @BeforeEach
    void begin() {
        NativeMemory.giveBack();
        gone.clear();
        budget = NativeCaches.setBudget(10 * PIECE);
    }

    @AfterEach
    void putBack() {
        NativeCaches.setBudget(budget);
        NativeMemory.giveBack();
    }

    private Form form(int key) {
        return forms.use(key, Form::new);
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() {
        for (int key = 0; key < 10; key++) {
            form(key).close();
        }
        form(0).close();
        assertThat(gone).isEmpty();
        form(10).close();
        form(11).close();
        form(12).close();
        assertThat(gone).containsExactly(1, 2);
        assertThat(NativeCaches.bytes()).isLessThanOrEqualTo(11 * PIECE);
    }

    @Test
    void whatIsInUseStays() {
        try (Form held = form(0)) {
            for (int key = 1; key < 40; key++) {
                form(key).close();
            }
            NativeMemory.giveBack();
            assertThat(gone).hasSize(39).doesNotContain(0);
            assertThat(held.piece.memory().byteSize()).isEqualTo(PIECE);
            try (Form again = form(0)) {
                assertThat(again).isSameAs(held);
            }
        }
        NativeMemory.giveBack();
        assertThat(gone).hasSize(40).contains(0);
    }

    @Test
    void whatIsGoneIsMadeAgain() {
        Form first = form(0);
        first.close();
        NativeMemory.giveBack();
        try (Form second = form(0)) {
            assertThat(second).isNotSameAs(first);
            assertThat(second.piece.memory().byteSize()).isEqualTo(PIECE);
        }
    }

    @Test
    void givingBackLeavesNothing() {
        Remembered<Integer, int[]> remembered = new Remembered<>(int[]::new, array -> 4L * array.length);
        ScratchMemory scratch = new ScratchMemory(2);
        scratch.get(0, 3 * PIECE);
        Parallel.forEach(20, _ -> scratch.get(1, PIECE).fill((byte) 1));
        int[] values = remembered.of(1000);
        assertThat(remembered.of(1000)).isSameAs(values);
        form(0).close();
        long before = NativeMemory.used();
        NativeMemory.giveBack();
        assertThat(before - NativeMemory.used()).isGreaterThanOrEqualTo(5 * PIECE);
        assertThat(NativeCaches.bytes()).isZero();
        assertThat(remembered.of(1000)).isNotSameAs(values);
        assertThat(scratch.get(0, 8).byteSize()).isLessThan(PIECE);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "7k, 7168", "3M, 3145728", "2g, 2147483648", "0, 0"})
    void theBudgetCanBeSet(String setting, long bytes) {
        assertThat(NativeCaches.budget(setting)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-1", "1.5g", "lots", "99999999999999999999"})
    void aBudgetThatIsNoneIsRefused(String setting) {
        assertThatThrownBy(() -> NativeCaches.budget(setting))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("-Dreplklab.cache=" + setting + ":")
                .hasMessageContaining("512m");
    }
}
