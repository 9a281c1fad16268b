package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** A convolution without bias, a batch norm and an activation: what nearly everything here is made of. */
public final class ConvBn extends Layer {
    private final Layer conv;
    private final Layer bn;

    /** Any convolution whose output has {@code channels} channels, followed by batch norm and activation. */
    public ConvBn(Layer conv, int channels, Activation activation) {
        this.conv = child("conv", conv);
        this.bn = child("bn", new BatchNorm(channels, activation));
    }

    /** Pointwise convolution, batch norm, activation. */
    public static ConvBn pointwise(int in, int out, Activation activation, RandomGenerator random) {
        return new ConvBn(new Pointwise(in, out, false, random), out, activation);
    }

    /** Depthwise convolution, batch norm, activation. */
    public static ConvBn depthwise(
            int channels, int kernel, int stride, Activation activation, RandomGenerator random) {
        return new ConvBn(new Depthwise(channels, kernel, stride, 1, random), channels, activation);
    }

    @Override
    public Tensor forward(Tensor x) {
        return bn.forward(conv.forward(x));
    }
}
