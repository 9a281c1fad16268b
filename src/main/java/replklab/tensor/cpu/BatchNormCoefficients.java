package replklab.tensor.cpu;

import java.lang.foreign.MemorySegment;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Batch norm as z = scale x + shift, for scale = gamma / sqrt(variance + epsilon), shift = beta - mean scale, and its
 * gradient as dx = scale dz + xFactor x + constant. Each is there for as many rows as are taken {@link SideBySide}, and
 * padded to whole vectors.
 */
record BatchNormCoefficients(MemorySegment scale, MemorySegment shift, MemorySegment xFactor, MemorySegment constant) {
    /** The forward ones; the gradient's are zero, which is right for given statistics. */
    static BatchNormCoefficients of(BatchNormTerms terms) {
        int channels = terms.gamma().shape().channels();
        long padded = Lanes.roundedUp((long) channels * SideBySide.rows(channels));
        MemorySegment memory =
                Tensor.empty(Shape.of(4, Math.toIntExact(padded))).memory(); // on a tape the pool's
        memory.fill((byte) 0);
        long bytes = padded * Float.BYTES;
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
        SideBySide.repeat(made.scale, channels);
        SideBySide.repeat(made.shift, channels);
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
        int channels = terms.gamma().shape().channels();
        for (int c = 0; c < channels; c++) {
            double inverse = inverseDeviation(terms, c);
            double slope = Lanes.get(scale, c);
            double factor = -slope * inverse * inverse * sums.second(c) / rows;
            double mean = Lanes.get(terms.mean().memory(), c);
            Lanes.set(xFactor, c, (float) factor);
            Lanes.set(constant, c, (float) (-slope * sums.first(c) / rows - factor * mean));
        }
        SideBySide.repeat(xFactor, channels);
        SideBySide.repeat(constant, channels);
    }
}
