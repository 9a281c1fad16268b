package replklab.tensor.device;

import java.util.SplittableRandom;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** Tensors of numbers evenly drawn, each from the next seed. */
final class SeededTensors {
    private long seed;

    /** Goes on from this seed. */
    void from(long next) {
        seed = next;
    }

    Tensor between(double low, double high, int... sizes) {
        SplittableRandom random = new SplittableRandom(seed++);
        float[] values = new float[Math.toIntExact(Shape.of(sizes).elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(low, high);
        }
        return Tensor.of(values, sizes);
    }
}
