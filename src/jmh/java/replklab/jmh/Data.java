package replklab.jmh;

import java.util.SplittableRandom;
import replklab.tensor.Tensor;

/** Inputs for benchmarks. */
final class Data {
    private Data() {}

    /** Numbers drawn from a normal distribution, the same ones every time. */
    static Tensor normal(int... sizes) {
        return Tensor.normal(new SplittableRandom(1), 1, sizes);
    }
}
