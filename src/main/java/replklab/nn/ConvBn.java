package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** A convolution without bias, a batch norm and an activation: what nearly everything here is made of. */
public final class ConvBn extends Layer {
    private final Layer conv;
    private final BatchNorm bn;

    /** Any convolution whose output has {@code channels} channels, followed by batch norm and activation. */
    public ConvBn(Layer conv, int channels, Activation activation) {
        this.conv = child("conv", conv);
        this.bn = child("bn", new BatchNorm(channels, activation));
    }

    /** Pointwise convolution, batch norm, activation. */
    public static ConvBn pointwise(int in, int out, Activation activation, Initialisation start) {
        return new ConvBn(new Pointwise(in, out, false, start), out, activation);
    }

    /** The same, starting as MobileNetV2. */
    public static ConvBn pointwise(int in, int out, Activation activation, RandomGenerator random) {
        return pointwise(in, out, activation, Initialisation.kaimingNormal(random));
    }

    /** Full convolution with stride 1, batch norm, activation. */
    public static ConvBn full(int in, int out, int kernel, Activation activation, Initialisation start) {
        return new ConvBn(new Convolution(in, out, kernel, 1, start), out, activation);
    }

    /** Depthwise convolution, batch norm, activation. */
    public static ConvBn depthwise(int channels, int kernel, int stride, Activation activation, Initialisation start) {
        return new ConvBn(new Depthwise(channels, kernel, stride, 1, false, start), channels, activation);
    }

    /** The same, starting as MobileNetV2. */
    public static ConvBn depthwise(
            int channels, int kernel, int stride, Activation activation, RandomGenerator random) {
        return depthwise(channels, kernel, stride, activation, Initialisation.kaimingNormal(random));
    }

    /** The batch norm with its activation. */
    public BatchNorm bn() {
        return bn;
    }

    @Override
    public Tensor forward(Tensor x) {
        return bn.forward(conv.forward(x));
    }

    @Override
    protected void fold(Folding into) {
        into.layer(conv);
        into.layer(bn);
    }
}
