package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Batch norm as z = scale x + shift, for scale = gamma / sqrt(variance + epsilon), shift = beta - mean scale, and its
 * gradient as dx = scale dz + xFactor x + constant. Each lies padded to whole vectors.
 */
record BatchNormCoefficients(MemorySegment scale, MemorySegment shift, MemorySegment xFactor, MemorySegment constant) {
    /** The forward ones; the gradient's are zero, which is right for given statistics. */
    static BatchNormCoefficients of(BatchNormTerms terms) {
        int channels = terms.gamma().shape().channels();
        int padded = Math.toIntExact(Lanes.roundedUp(channels));
        Tensor all = Tensor.empty(Shape.of(4, padded)); // on a tape the pool's
        all.memory().fill((byte) 0);
        long bytes = (long) padded * Float.BYTES;
        MemorySegment memory = all.memory();
        BatchNormCoefficients made = new BatchNormCoefficients(
                memory.asSlice(0, bytes),
                memory.asSlice(bytes, bytes),
                memory.asSlice(2 * bytes, bytes),
                memory.asSlice(3 * bytes, bytes));
        MemorySegment gammas = terms.gamma().memory();
        MemorySegment betas = terms.beta().memory();
        MemorySegment means = terms.mean().memory();
        for (int c = 0; c < channels; c++) {
            double scale = Lanes.get(gammas, c) * made.inverseDeviation(terms, c);
            Lanes.set(made.scale, c, (float) scale);
            Lanes.set(made.shift, c, (float) (Lanes.get(betas, c) - Lanes.get(means, c) * scale));
        }
        return made;
    }

    double inverseDeviation(BatchNormTerms terms, int channel) {
        return 1 / Math.sqrt(Lanes.get(terms.variance().memory(), channel) + terms.epsilon());
    }

    /**
     * Sets the gradient's for statistics of the same batch: dx = scale (dz - mean(dz) - (x - mean) inverse² mean(dz (x -
     * mean))).
     *
     * @param sums of dz and of dz (x - mean)
     */
    void throughStatistics(BatchNormTerms terms, ChannelSums sums, int rows) {
        for (int c = 0; c < terms.gamma().shape().channels(); c++) {
            double inverse = inverseDeviation(terms, c);
            double slope = Lanes.get(scale, c);
            double factor = -slope * inverse * inverse * sums.second(c) / rows;
            double mean = Lanes.get(terms.mean().memory(), c);
            Lanes.set(xFactor, c, (float) factor);
            Lanes.set(constant, c, (float) (-slope * sums.first(c) / rows - factor * mean));
        }
    }
}
