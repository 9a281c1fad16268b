package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** Where the starting values of weights come from. */
public interface Initialisation {
    /**
     * The weight of a convolution of any kind.
     *
     * @param fanIn inputs that one output adds up
     * @param fanOut outputs that one input goes into, strides left aside
     * @param sizes of the weight
     */
    Tensor convolution(int fanIn, int fanOut, int... sizes);

    /** The weight (out, in) of a linear layer. */
    Tensor linear(int in, int out);

    /** A bias of {@code size} outputs, each of which adds up {@code fanIn} inputs. */
    Tensor bias(int fanIn, int size);

    /**
     * As MobileNetV2 starts: convolutions normal with sd sqrt(2 / fanOut) (He et al. 2015, by fan-out), linear layers normal
     * with sd 0.01, biases zero.
     */
    static Initialisation kaimingNormal(RandomGenerator random) {
        return new Initialisation() {
            @Override
            public Tensor convolution(int fanIn, int fanOut, int... sizes) {
                return Tensor.normal(random, Math.sqrt(2.0 / fanOut), sizes);
            }

            @Override
            public Tensor linear(int in, int out) {
                return Tensor.normal(random, 0.01, out, in);
            }

            @Override
            public Tensor bias(int fanIn, int size) {
                return Tensor.zeros(size);
            }
        };
    }

    /**
     * As ConvNeXt starts: all weights normal with sd 0.02, biases zero. The authors cut the distribution off at 2, a hundred
     * deviations away.
     */
    static Initialisation normal(RandomGenerator random) {
        return new Initialisation() {
            @Override
            public Tensor convolution(int fanIn, int fanOut, int... sizes) {
                return Tensor.normal(random, 0.02, sizes);
            }

            @Override
            public Tensor linear(int in, int out) {
                return Tensor.normal(random, 0.02, out, in);
            }

            @Override
            public Tensor bias(int fanIn, int size) {
                return Tensor.zeros(size);
            }
        };
    }

    /**
     * As PyTorch starts what nobody initialises, RepLKNet among it: weights and biases uniform within plus and minus
     * 1 / sqrt(fanIn).
     */
    static Initialisation uniform(RandomGenerator random) {
        return new Initialisation() {
            @Override
            public Tensor convolution(int fanIn, int fanOut, int... sizes) {
                float bound = (float) (1 / Math.sqrt(fanIn));
                float[] values = new float[Math.toIntExact(Shape.of(sizes).elements())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextFloat(-bound, bound);
                }
                return Tensor.of(values, sizes);
            }

            @Override
            public Tensor linear(int in, int out) {
                return convolution(in, out, out, in);
            }

            @Override
            public Tensor bias(int fanIn, int size) {
                return convolution(fanIn, size, size);
            }
        };
    }

    /** All zeros: for a model whose weights are to be loaded. */
    static Initialisation zeros() {
        return new Initialisation() {
            @Override
            public Tensor convolution(int fanIn, int fanOut, int... sizes) {
                return Tensor.zeros(sizes);
            }

            @Override
            public Tensor linear(int in, int out) {
                return Tensor.zeros(out, in);
            }

            @Override
            public Tensor bias(int fanIn, int size) {
                return Tensor.zeros(size);
            }
        };
    }

    /**
     * Undefined: for a model whose costs are counted, or whose weights are to be loaded. Where the system gives out memory on its
     * first use, as Linux does, such a model takes next to none.
     */
    static Initialisation undefined() {
        return new Initialisation() {
            @Override
            public Tensor convolution(int fanIn, int fanOut, int... sizes) {
                return Tensor.empty(Shape.of(sizes));
            }

            @Override
            public Tensor linear(int in, int out) {
                return Tensor.empty(Shape.of(out, in));
            }

            @Override
            public Tensor bias(int fanIn, int size) {
                return Tensor.empty(Shape.of(size));
            }
        };
    }
}
