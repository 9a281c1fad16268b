package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeMemoryTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 100, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, (7 << 20) + 4})
    void aPieceIsAsLongAsAskedForAlignedZeroAndWritableToItsEnd(long bytes) {
        MemorySegment piece = NativeMemory.allocate(bytes);
        assertThat(piece.byteSize()).isEqualTo(bytes);
        assertThat(piece.address() % NativeMemory.ALIGNMENT).isZero();
        assertThat(piece.mismatch(MemorySegment.ofArray(new byte[(int) bytes]))).isEqualTo(-1);
        piece.fill((byte) 1);
        assertThat(piece.get(ValueLayout.JAVA_BYTE, bytes - 1)).isEqualTo((byte) 1);
    }

    @Test
    void piecesDoNotOverlap() {
        MemorySegment a = NativeMemory.allocate(3 << 20).fill((byte) 1);
        MemorySegment b = NativeMemory.allocate(3 << 20).fill((byte) 2);
        assertThat(a.asOverlappingSlice(b)).isEmpty();
        assertThat(a.get(ValueLayout.JAVA_BYTE, a.byteSize() - 1)).isEqualTo((byte) 1);
    }

    /** Forty gigabytes one after another: most of them must be given back meanwhile. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatNobodyHoldsGoesBackToTheSystem() throws Exception {
        long before = addressSpaceGib();
        for (int i = 0; i < 160; i++) {
            NativeMemory.allocate(256 << 20).set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        }
        assertThat(addressSpaceGib() - before).as("GiB more").isLessThan(25);
    }

    @ParameterizedTest
    @ValueSource(longs = {64 << 10, 100_000, 2 << 20, (7 << 20) + 4})
    @EnabledOnOs(OS.LINUX)
    void whatItsOwnerGivesBackIsGoneAtOnceAndRefused(long bytes) {
        AtomicLong account = new AtomicLong();
        long before = NativeMemory.used();
        NativePiece piece = NativeMemory.take(bytes, account);
        MemorySegment memory = piece.memory().fill((byte) 1);
        assertThat(account).hasValueGreaterThanOrEqualTo(bytes);
        piece.free();
        piece.free();
        assertThat(account).hasValue(0);
        assertThat(NativeMemory.used()).isLessThanOrEqualTo(before);
        assertThatThrownBy(piece::memory).isInstanceOf(IllegalStateException.class);
        // Somebody who kept the segment all the same finds zeros and does no harm.
        assertThat(memory.get(ValueLayout.JAVA_BYTE, bytes - 1)).isZero();
    }

    @Test
    void whatNobodyGivesBackTheCollectorDoes() {
        AtomicLong account = new AtomicLong();
        for (int i = 0; i < 4; i++) {
            NativeMemory.take(1000 << (4 * i), account).memory().fill((byte) 1);
        }
        assertThat(account).hasValueGreaterThan(4_000_000);
        for (int i = 0; i < 100 && account.get() > 0; i++) {
            NativeMemory.giveBack(); // the thread that follows the collector may come a little later
        }
        assertThat(account).hasValue(0);
    }

    private static long addressSpaceGib() throws IOException {
        String size = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmSize:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(size.replaceAll("\\D", "")) >> 20;
    }
}
