package replklab.tensor;

import java.util.SplittableRandom;

/** Tensors of known contents. */
final class Inputs {
    private Inputs() {}

    /** sin(i * step) in row-major order: contents that other frameworks can make, too. */
    static Tensor wave(double step, int... sizes) {
        float[] values = new float[Math.toIntExact(Shape.of(sizes).elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * step);
        }
        return Tensor.of(values, sizes);
    }

    /** Numbers drawn evenly from [-1, 1). */
    static Tensor uniform(long seed, int... sizes) {
        return between(seed, -1, 1, sizes);
    }

    /** Numbers drawn evenly from [low, high). */
    static Tensor between(long seed, double low, double high, int... sizes) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[Math.toIntExact(Shape.of(sizes).elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(low, high);
        }
        return Tensor.of(values, sizes);
    }

    /**
     * Numbers near the given levels, at most {@code spread} away, in turn along each channel: for functions with kinks,
     * which lie between the levels.
     */
    static Tensor levels(long seed, double spread, double[] levels, int... sizes) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = Shape.of(sizes);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            int row = i / shape.channels();
            int channel = i % shape.channels();
            values[i] = (float) (levels[(row + channel) % levels.length] + spread * random.nextDouble(-1, 1));
        }
        return Tensor.of(values, sizes);
    }
}
