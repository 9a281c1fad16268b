package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import replklab.base.Parallel;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/**
 * Softmax cross-entropy. Rows of pixels are many, so that the exponentials are vectors of floats; their sums and logarithms,
 * one a row, are doubles.
 */
final class CrossEntropyKernel {
    private static final int ROWS = 256;

    private CrossEntropyKernel() {}

    static double run(Tensor logits, Targets targets, Tensor dlogits) {
        int rows = logits.shape().rows();
        long counted = IntStream.range(0, rows).filter(targets::counts).count();
        if (counted == 0) {
            if (dlogits != null) {
                ElementwiseKernels.fill(dlogits, 0);
            }
            return 0;
        }
        int pieces = Math.ceilDiv(rows, ROWS);
        double[] losses = new double[pieces];
        Parallel.forEach(pieces, piece -> {
            int from = piece * ROWS;
            losses[piece] = new Piece(logits, from, Math.min(rows, from + ROWS), targets).run(dlogits, counted);
        });
        double total = 0;
        for (double loss : losses) {
            total += loss;
        }
        return total / counted;
    }

    /** Some rows, in arrays of their own: single elements are read faster there than in native memory. */
    private static final class Piece {
        private final Targets targets;
        private final int first;
        private final int count;
        private final int classes;
        private final MemorySegment logits;
        private final float[] values;
        private final float[] exponentials;
        private final float[] highest;

        Piece(Tensor logits, int first, int end, Targets targets) {
            this.targets = targets;
            this.first = first;
            this.count = end - first;
            this.classes = logits.shape().channels();
            this.logits = logits.memory();
            this.values = new float[count * classes];
            this.exponentials = new float[count * classes];
            this.highest = new float[count];
        }

        private long offset() {
            return (long) first * classes * Float.BYTES;
        }

        /** The sum of the rows' losses; the gradient is that of their mean over {@code counted} rows. */
        double run(Tensor dlogits, long counted) {
            MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, offset(), values, 0, values.length);
            exponentiate();
            double loss = 0;
            for (int row = 0; row < count; row++) {
                if (targets.counts(first + row)) {
                    loss += row(row, counted);
                } else {
                    Arrays.fill(exponentials, row * classes, (row + 1) * classes, 0);
                }
            }
            if (dlogits != null) {
                MemorySegment.copy(
                        exponentials, 0, dlogits.memory(), ValueLayout.JAVA_FLOAT, offset(), exponentials.length);
            }
            return loss;
        }

        /** exp(logit - the row's highest), so that none overflows and one is 1. */
        private void exponentiate() {
            for (int row = 0; row < count; row++) {
                int at = row * classes;
                float most = Float.NEGATIVE_INFINITY;
                for (int k = 0; k < classes; k++) {
                    most = Math.max(most, values[at + k]);
                }
                highest[row] = most;
                for (int k = 0; k < classes; k++) {
                    exponentials[at + k] = values[at + k] - most;
                }
            }
            // In native memory, as everything that Vector API loops of this program work on.
            long whole = Lanes.roundedUp(exponentials.length);
            MemorySegment scratch = ThreadScratch.get(whole);
            MemorySegment.copy(exponentials, 0, scratch, ValueLayout.JAVA_FLOAT, 0, exponentials.length);
            Exponential.run(scratch, 0, whole);
            MemorySegment.copy(scratch, ValueLayout.JAVA_FLOAT, 0, exponentials, 0, exponentials.length);
        }

        /** The loss of a row, whose exponentials become its gradient. */
        private double row(int row, long counted) {
            int at = row * classes;
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += exponentials[at + k];
            }
            double logSum = Math.log(sum) + highest[row];
            double scale = 1 / (sum * counted);
            double share = 1.0 / counted;
            double loss = 0;
            for (int k = 0; k < classes; k++) {
                double wanted = targets.probability(first + row, k, classes);
                if (wanted != 0) {
                    loss += wanted * (logSum - values[at + k]);
                }
                exponentials[at + k] = (float) (exponentials[at + k] * scale - wanted * share);
            }
            return loss;
        }
    }
}
