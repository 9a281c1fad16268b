package replklab.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A product's pieces are its result, each number once, and enough for the threads of a large machine. */
class ProductCutTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 1000, 1024",
        "49, 4096, 1024",
        "127, 65, 4000",
        "25088, 512, 128",
        "3000, 3000, 3000",
        "7, 5, 1000000"
    })
    void coversEachNumberOnce(int rows, int columns, int depth) {
        ProductCut cut = ProductCut.of(rows, columns, depth);
        int[] times = new int[rows * columns];
        for (int i = 0; i < cut.rowPieces(); i++) {
            for (int j = 0; j < cut.columnPieces(); j++) {
                for (int row = 0; row < cut.rowCount(i); row++) {
                    for (int column = 0; column < cut.columnCount(j); column++) {
                        times[(cut.row(i) + row) * columns + cut.column(j) + column]++;
                    }
                }
            }
        }
        assertThat(times).containsOnly(1);
    }

    /** RepLKNet-31B's products of one image at 224 x 224; see docs/convolution.md for what follows from their number. */
    @ParameterizedTest
    @CsvSource({
        "3136, 128, 128", "3136, 512, 128", "3136, 128, 512", "784, 256, 256", "784, 1024, 256", "784, 256, 1024",
        "196, 512, 512", "196, 2048, 512", "196, 512, 2048", "49, 1024, 1024", "49, 4096, 1024", "49, 1024, 4096"
    })
    void leavesFewThreadsWithoutWorkInBatchesOfOne(int rows, int columns, int depth) {
        assertThat(ProductCut.of(rows, columns, depth).pieces()).isGreaterThanOrEqualTo(16);
    }

    @Test
    void aSmallProductIsNotCut() {
        assertThat(ProductCut.of(500, 24, 80).pieces()).isOne();
    }
}
