package replklab.model;

import java.util.random.RandomGenerator;
import replklab.nn.Affine;
import replklab.nn.BatchNorm;
import replklab.nn.ConvBn;
import replklab.nn.Depthwise;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/**
 * A large depthwise convolution re-parameterised by a small one (the paper's guideline 3): BN(conv_K(x)) + BN(conv_k(x)),
 * which after training are one convolution with bias; (n, h, w, c) to (n, h / stride, w / stride, c), rounded up.
 */
public final class LargeKernel extends Layer {
    private final int channels;
    private final int stride;
    private final Activation activation;
    private final Depthwise large;
    private final BatchNorm largeBn;
    private final Depthwise small; // this and its norm are null if there is none
    private final BatchNorm smallBn;

    /**
     * @param channels input and output channels
     * @param kernel side of the large kernel, odd
     * @param smallKernel side of the parallel one, odd and no larger; 0 for none
     * @param stride step between output pixels
     * @param activation of the sum
     * @param start where the starting weights come from
     */
    public LargeKernel(
            int channels, int kernel, int smallKernel, int stride, Activation activation, Initialisation start) {
        this.channels = channels;
        this.stride = stride;
        this.activation = activation;
        this.large = new Depthwise(channels, kernel, stride, 1, false, start);
        this.largeBn = branch("lkb_origin", large);
        this.small = smallKernel > 0 ? new Depthwise(channels, smallKernel, stride, 1, false, start) : null;
        this.smallBn = small != null ? branch("small_conv", small) : null;
    }

    /** With stride 1 and ReLU, starting as RepLKNet. */
    public LargeKernel(int channels, int kernel, int smallKernel, RandomGenerator random) {
        this(channels, kernel, smallKernel, 1, Activation.RELU, Initialisation.uniform(random));
    }

    /** Registers a convolution and its norm under the checkpoints' name. */
    private BatchNorm branch(String name, Depthwise conv) {
        return child(name, new ConvBn(conv, channels, Activation.NONE)).bn();
    }

    @Override
    public Tensor forward(Tensor x) {
        if (small == null) {
            return largeBn.forward(large.forward(x)).activation(activation);
        }
        Tensor[] both = stride == 1
                ? x.depthwisePair(large.weight(), small.weight())
                : new Tensor[] {large.forward(x), small.forward(x)};
        return largeBn.forward(both[0]).add(smallBn.forward(both[1])).activation(activation);
    }

    @Override
    protected void fold(Folding into) {
        Equivalent equivalent = equivalent();
        into.depthwise(equivalent.weight, equivalent.bias, stride, 1);
        into.activation(activation);
    }

    /**
     * One convolution with the same output in evaluation mode.
     *
     * @param weight (kernel, kernel, channels)
     * @param bias (channels)
     */
    record Equivalent(Tensor weight, Tensor bias) {}

    /** Both kernels times their norms' scales, the small one added to the large one's centre. */
    Equivalent equivalent() {
        int kernel = large.weight().size(0);
        double[] weight = new double[kernel * kernel * channels];
        double[] bias = new double[channels];
        addBranch(large, largeBn.affine(), kernel, weight, bias);
        if (small != null) {
            addBranch(small, smallBn.affine(), kernel, weight, bias);
        }
        return new Equivalent(tensor(weight, kernel, kernel, channels), tensor(bias, channels));
    }

    private void addBranch(Depthwise conv, Affine norm, int kernel, double[] weight, double[] bias) {
        float[] values = conv.weight().toArray();
        int side = conv.weight().size(0);
        int margin = (kernel - side) / 2;
        for (int i = 0; i < values.length; i++) {
            int channel = i % channels;
            int tap = i / channels;
            int centred = (tap / side + margin) * kernel + tap % side + margin;
            weight[centred * channels + channel] += norm.scale()[channel] * values[i];
        }
        for (int c = 0; c < channels; c++) {
            bias[c] += norm.shift()[c];
        }
    }

    private static Tensor tensor(double[] values, int... sizes) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return Tensor.of(rounded, sizes);
    }
}
