package replklab.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products equal their definition, and stay on the calling thread. */
class GemmTest {
    private static final int ROWS = 5;
    private static final int COLUMNS = 7;
    private static final int DEPTH = 19;

    @ParameterizedTest
    @CsvSource({"false, false, false", "true, false, false", "false, true, true", "true, true, true"})
    void equalsTheDefinition(boolean transposeA, boolean transposeB, boolean accumulate) {
        MemorySegment memory = Arena.ofAuto().allocate(4000, 64);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            Lanes.set(memory, i, (float) random.nextDouble(-1, 1));
        }
        Matrix a = Matrix.of(memory, 3, transposeA ? ROWS : DEPTH);
        Matrix b = Matrix.of(memory, 201, transposeB ? DEPTH : COLUMNS);
        int at = 401;
        double[] expected = new double[ROWS * COLUMNS];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                double sum = accumulate ? Lanes.get(memory, at + i * COLUMNS + j) : 0;
                for (int k = 0; k < DEPTH; k++) {
                    sum += (double) Lanes.get(memory, 3 + (transposeA ? k * ROWS + i : i * DEPTH + k))
                            * Lanes.get(memory, 201 + (transposeB ? j * DEPTH + k : k * COLUMNS + j));
                }
                expected[i * COLUMNS + j] = sum;
            }
        }
        Gemm.multiply(
                ROWS,
                COLUMNS,
                DEPTH,
                transposeA ? a.transpose() : a,
                transposeB ? b.transpose() : b,
                accumulate,
                Matrix.of(memory, at, COLUMNS));
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) Lanes.get(memory, at + i)).isCloseTo(expected[i], within(2e-6));
        }
    }

    /** ND4J sets the threads of the BLAS library that it shares with us. */
    @Test
    void oneThreadAlsoOnceNd4jIsThere() {
        Nd4j.ones(DataType.FLOAT, 2, 2);
        openblas.blas_set_num_threads(2);
        MemorySegment memory = Arena.ofAuto().allocate(64, 64);
        Lanes.set(memory, 0, 3);
        Matrix one = Matrix.of(memory, 0, 1);
        OpenBlas.multiply(1, 1, 1, one, one, false, Matrix.of(memory, 1, 1));
        assertThat(Lanes.get(memory, 1)).isEqualTo(9);
        assertThat(openblas.blas_get_num_threads()).isOne();
    }
}
