package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.conv.ConvolutionShape;
import replklab.tensor.Tensor;

/** Full convolution without bias, 'same' padding: (n, h, w, in) to (n, h / stride, w / stride, out), rounded up. */
public final class Convolution extends Layer {
    private final Tensor weight;
    private final int stride;

    /**
     * @param in input channels
     * @param out output channels
     * @param kernel side of the filters, odd
     * @param stride step between output pixels
     * @param start where the starting weights come from
     */
    public Convolution(int in, int out, int kernel, int stride, Initialisation start) {
        ConvolutionShape.requireKernel(kernel);
        int taps = kernel * kernel;
        this.weight = parameter(
                "weight", start.convolution(in * taps, out * taps, out, kernel, kernel, in), WeightLayout.CONVOLUTION);
        this.stride = stride;
    }

    /** The same, starting as MobileNetV2. */
    public Convolution(int in, int out, int kernel, int stride, RandomGenerator random) {
        this(in, out, kernel, stride, Initialisation.kaimingNormal(random));
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.convolution(weight, null, stride, 1);
    }

    @Override
    protected void fold(Folding into) {
        into.convolution(weight, null, stride, 1);
    }
}
