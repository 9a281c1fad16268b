package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FourierGridTest {
    private static final long CACHE = 12 << 10;

    private static FourierGrid grid(int height, int width, int kernel) {
        return FourierGrid.of(new ConvolutionShape(2, height, width, 16, kernel, 1, 1));
    }

    /** Taps that no pixel meets are left out; the period holds the map and the half of the taps that reach beyond it. */
    @ParameterizedTest
    @CsvSource({
        "56, 40, 31, 31, 31, 71, 55",
        "14, 10, 27, 27, 19, 27, 19",
        "7, 3, 13, 13, 5, 13, 5",
        "1, 5, 63, 1, 9, 1, 9"
    })
    void ofAMap(int height, int width, int kernel, int tapsY, int tapsX, int leastY, int leastX) {
        FourierGrid grid = grid(height, width, kernel);
        assertThat(grid)
                .isEqualTo(new FourierGrid(
                        height, width, tapsY, tapsX, Radices.lengthFor(leastY), Radices.lengthFor(leastX)));
        assertThat(grid.withKernel(5))
                .isEqualTo(new FourierGrid(
                        height,
                        width,
                        Math.min(5, 2 * height - 1),
                        Math.min(5, 2 * width - 1),
                        grid.periodY(),
                        grid.periodX()));
        assertThat(grid.pairs()).isEqualTo(Math.ceilDiv(height, 2));
        assertThat(grid.frequencies()).isEqualTo(grid.periodX() / 2 + 1);
        assertThat(grid.scale()).isEqualTo((float) (0.25 / (grid.periodX() * grid.periodY())));
    }

    /** Spectra of pairs of rows: of the map, or of the two groups that a filter's rows come in, whichever are more. */
    @Test
    void memoryOfPairs() {
        FourierGrid map = grid(56, 56, 3);
        FourierGrid filter = grid(14, 14, 27);
        assertThat(map.pairsBytes()).isEqualTo(28 * map.pairStep());
        assertThat(filter.pairsBytes()).isEqualTo(14 * filter.pairStep());
        assertThat(map.spectrumBytes()).isEqualTo(map.frequencies() * map.columnStep());
        assertThat(map.pairStep()).isGreaterThan(map.line());
        assertThat(map.columnStep() / (map.periodY() + 1)).isEqualTo(map.line() / map.periodX());
    }

    /** As many at once, eight at most, as fit in a quarter of the first-level cache. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 9, 13", "14, 14, 27", "28, 56, 29", "56, 28, 31", "112, 200, 31"})
    void batchesFitTheCache(int height, int width, int kernel) {
        FourierGrid grid = grid(height, width, kernel);
        fits(grid.lineBatch(), grid.line());
        fits(grid.columnBatch(), grid.columnStep());
    }

    private static void fits(int batch, long bytes) {
        assertThat(batch).isBetween(1, 8);
        assertThat(batch == 1 || batch * bytes <= CACHE).isTrue();
        assertThat(batch == 8 || (batch + 1) * bytes > CACHE).isTrue();
    }
}
