package replklab.train;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import replklab.nn.ConvBn;
import replklab.nn.Convolution;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.nn.Sequential;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** Networks for {@link Blobs}. */
final class Networks {
    private Networks() {}

    /** A residual branch with drop path: something random in the forward pass. */
    private static final class Branch extends Layer {
        private final Layer conv;

        Branch(int channels, RandomGenerator random) {
            conv = child("conv", new Depthwise(channels, 5, 1, 1, random));
        }

        @Override
        public Tensor forward(Tensor x) {
            return x.add(conv.forward(x).dropPath(0.5));
        }
    }

    /** Pools each quarter of the image by itself, for where an image is bright is its class. */
    private static final class Head extends Layer {
        private final Layer linear;

        Head(int channels, RandomGenerator random) {
            linear = child("linear", new Linear(4 * channels, Blobs.CLASSES, random));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor quarters = x.resizeBilinear(2, 2);
            return linear.forward(quarters.reshape(x.size(0), 4 * x.size(3)));
        }
    }

    /** Convolution with batch norm, a branch with drop path, a linear head. */
    static Layer withDropPath(long seed, int channels) {
        RandomGenerator random = new SplittableRandom(seed);
        return new Sequential(List.of(
                new ConvBn(new Convolution(1, channels, 3, 2, random), channels, Activation.RELU),
                new Branch(channels, random),
                new Head(channels, random)));
    }

    /** Without any norm, so that nothing keeps wild weights in check. */
    static Layer plain(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        return new Sequential(List.of(new Convolution(1, 4, 3, 2, random), new Head(4, random)));
    }
}
