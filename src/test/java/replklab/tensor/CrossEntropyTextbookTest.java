package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.between;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.tensor.Reduction.CrossEntropy;

/** Softmax cross-entropy of many rows equals the textbook's formula in double precision. */
class CrossEntropyTextbookTest {
    private static final int IGNORED = 255;

    @ParameterizedTest
    @CsvSource({"1, 2, 0", "255, 3, 0.1", "257, 11, 0", "1000, 11, 0.1", "600, 16, 0.2", "7, 1000, 0.1"})
    void equalsTheFormula(int rows, int classes, double smoothing) {
        Tensor logits = between(rows, -20, 20, rows, classes);
        SplittableRandom random = new SplittableRandom(classes);
        int[] labels = random.ints(rows, 0, classes).toArray();
        for (int row = 3; row < rows; row += 5) {
            labels[row] = IGNORED;
        }
        Tensor gradient = Tensor.full(7, rows, classes); // what was there before does not matter
        Targets targets = Targets.labels(labels).ignoring(IGNORED).smoothed(smoothing);
        double loss = Backend.reduce(new CrossEntropy(logits, targets, gradient));

        float[] x = logits.toArray();
        float[] actual = gradient.toArray();
        int counted = 0;
        double wanted = 0;
        for (int row = 0; row < rows; row++) {
            counted += labels[row] == IGNORED ? 0 : 1;
        }
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += Math.exp(x[row * classes + k]);
            }
            for (int k = 0; k < classes; k++) {
                double target = (labels[row] == k ? 1 - smoothing : 0) + smoothing / classes;
                double logarithm = x[row * classes + k] - Math.log(sum);
                boolean counts = labels[row] != IGNORED;
                wanted -= counts ? target * logarithm / counted : 0;
                assertThat((double) actual[row * classes + k])
                        .as("row %d class %d", row, k)
                        .isCloseTo(counts ? (Math.exp(logarithm) - target) / counted : 0, within(1e-6 / counted));
            }
        }
        assertThat(loss).isCloseTo(wanted, within(1e-6 * Math.max(1, wanted)));
        assertThat(Backend.reduce(new CrossEntropy(logits, targets, null))).isEqualTo(loss);
    }

    /** A batch of nothing but ignored pixels has no loss and no gradient, rather than one divided by zero. */
    @Test
    void ifAllRowsAreIgnoredNothingIsLearnt() {
        Tensor logits = between(1, -20, 20, 300, 3);
        Tensor gradient = Tensor.full(7, 300, 3);
        Targets targets = Targets.labels(new int[300]).ignoring(0);
        assertThat(Backend.reduce(new CrossEntropy(logits, targets, gradient))).isZero();
        assertThat(gradient.toArray()).containsOnly(0);
    }

    @Test
    void largeLogitsDoNotOverflowAndNanIsSeen() {
        assertThat(Backend.reduce(
                        new CrossEntropy(Tensor.of(new float[] {1e4f, -1e4f}, 1, 2), Targets.labels(0), null)))
                .isZero();
        assertThat(Backend.reduce(
                        new CrossEntropy(Tensor.of(new float[] {1e4f, -1e4f}, 1, 2), Targets.labels(1), null)))
                .isEqualTo(2e4);
        assertThat(Backend.reduce(new CrossEntropy(
                        Tensor.of(new float[] {Float.NaN, 1}, 1, 2), Targets.labels(1), null)))
                .isNaN();
    }
}
