package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import replklab.base.Parallel;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** Softmax cross-entropy in double precision: rows are few beside everything else in a network. */
final class CrossEntropyKernel {
    private static final int ROWS = 256;

    private CrossEntropyKernel() {}

    static double run(Tensor logits, Targets targets, Tensor dlogits) {
        int classes = logits.shape().channels();
        int rows = logits.shape().rows();
        long counted = IntStream.range(0, rows).filter(targets::counts).count();
        if (dlogits != null) {
            ElementwiseKernels.fill(dlogits, 0);
        }
        if (counted == 0) {
            return 0;
        }
        int pieces = Math.ceilDiv(rows, ROWS);
        double[] losses = new double[pieces];
        MemorySegment gradient = dlogits == null ? null : dlogits.memory();
        Parallel.forEach(pieces, piece -> {
            double[] exponentials = new double[classes];
            for (int row = piece * ROWS; row < Math.min(rows, (piece + 1) * ROWS); row++) {
                if (targets.counts(row)) {
                    losses[piece] += row(logits.memory(), targets, row, classes, exponentials, gradient, counted);
                }
            }
        });
        double total = 0;
        for (double loss : losses) {
            total += loss;
        }
        return total / counted;
    }

    private static double row(
            MemorySegment logits,
            Targets targets,
            int row,
            int classes,
            double[] exponentials,
            MemorySegment gradient,
            long counted) {
        long at = (long) row * classes;
        double highest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            highest = Math.max(highest, Lanes.get(logits, at + k));
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            exponentials[k] = Math.exp(Lanes.get(logits, at + k) - highest);
            sum += exponentials[k];
        }
        double logSum = Math.log(sum) + highest;
        double loss = 0;
        for (int k = 0; k < classes; k++) {
            double wanted = targets.probability(row, k, classes);
            if (wanted != 0) {
                loss += wanted * (logSum - Lanes.get(logits, at + k));
            }
            if (gradient != null) {
                Lanes.set(gradient, at + k, (float) ((exponentials[k] / sum - wanted) / counted));
            }
        }
        return loss;
    }
}
