package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.conv.DepthwiseShape;
import replklab.tensor.Tensor;

/** Full convolution without bias, 'same' padding: (n, h, w, in) to (n, h / stride, w / stride, out), rounded up. */
public final class Convolution extends Layer {
    private final Tensor weight;
    private final int stride;

    public Convolution(int in, int out, int kernel, int stride, RandomGenerator random) {
        DepthwiseShape.requireKernel(kernel);
        this.weight = parameter(
                "weight",
                Initialisation.kaimingNormal(random, out * kernel * kernel, out, kernel, kernel, in),
                WeightLayout.CONVOLUTION);
        this.stride = stride;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.convolution(weight, null, stride, 1);
    }
}
