package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.conv.DepthwiseShape;
import replklab.tensor.Tensor;

/** Depthwise convolution without bias, 'same' padding: (n, h, w, c) to (n, h / stride, w / stride, c), rounded up. */
public final class Depthwise extends Layer {
    private final Tensor weight;
    private final int stride;
    private final int dilation;

    /**
     * @param channels input and output channels
     * @param kernel side of the filters, odd
     * @param stride step between output pixels
     * @param dilation step between filter taps
     * @param random starting weights are drawn from it
     */
    public Depthwise(int channels, int kernel, int stride, int dilation, RandomGenerator random) {
        DepthwiseShape.requireKernel(kernel);
        this.weight = parameter(
                "weight",
                Initialisation.kaimingNormal(random, kernel * kernel, kernel, kernel, channels),
                WeightLayout.DEPTHWISE);
        this.stride = stride;
        this.dilation = dilation;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.depthwise(weight, null, stride, dilation);
    }
}
