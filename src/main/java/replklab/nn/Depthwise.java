package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.conv.ConvolutionShape;
import replklab.tensor.Tensor;

/** Depthwise convolution, 'same' padding: (n, h, w, c) to (n, h / stride, w / stride, c), rounded up. */
public final class Depthwise extends Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final int stride;
    private final int dilation;

    /**
     * @param channels input and output channels
     * @param kernel side of the filters, odd
     * @param stride step between output pixels
     * @param dilation step between filter taps
     * @param bias whether a bias is added; none is needed before a batch norm
     * @param start where the starting weights come from
     */
    public Depthwise(int channels, int kernel, int stride, int dilation, boolean bias, Initialisation start) {
        ConvolutionShape.requireKernel(kernel);
        int taps = kernel * kernel;
        this.weight =
                parameter("weight", start.convolution(taps, taps, kernel, kernel, channels), WeightLayout.DEPTHWISE);
        this.bias = bias ? parameter("bias", start.bias(taps, channels), WeightLayout.PLAIN) : null;
        this.stride = stride;
        this.dilation = dilation;
    }

    /** The same without bias, starting as MobileNetV2. */
    public Depthwise(int channels, int kernel, int stride, int dilation, RandomGenerator random) {
        this(channels, kernel, stride, dilation, false, Initialisation.kaimingNormal(random));
    }

    /** The filters: (kernel, kernel, channels). */
    public Tensor weight() {
        return weight;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.depthwise(weight, bias, stride, dilation);
    }

    @Override
    protected void fold(Folding into) {
        into.depthwise(weight, bias, stride, dilation);
    }
}
