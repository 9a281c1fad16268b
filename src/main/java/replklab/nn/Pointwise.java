package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Tensor;

/** Pointwise (1x1) convolution: (n, h, w, in) to (n, h, w, out). */
public final class Pointwise extends Layer {
    private final Tensor weight;
    private final Tensor bias;

    /**
     * @param in input channels
     * @param out output channels
     * @param bias whether a bias is added; none is needed before a batch norm
     * @param start where the starting weights come from
     */
    public Pointwise(int in, int out, boolean bias, Initialisation start) {
        this.weight = parameter("weight", start.convolution(in, out, out, in), WeightLayout.POINTWISE);
        this.bias = bias ? parameter("bias", start.bias(in, out), WeightLayout.PLAIN) : null;
    }

    /** The same, starting as MobileNetV2. */
    public Pointwise(int in, int out, boolean bias, RandomGenerator random) {
        this(in, out, bias, Initialisation.kaimingNormal(random));
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.pointwise(weight, bias);
    }

    @Override
    protected void fold(Folding into) {
        into.pointwise(weight, bias);
    }
}
