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
        this(start.convolution(in, out, out, in), bias ? start.bias(in, out) : null);
    }

    private Pointwise(Tensor weight, Tensor bias) {
        this.weight = parameter("weight", weight, WeightLayout.POINTWISE);
        this.bias = bias == null ? null : parameter("bias", bias, WeightLayout.PLAIN);
    }

    /** The classifier of every pixel, with bias; it starts as a linear layer does: (n, h, w, in) to (n, h, w, classes). */
    public static Pointwise classifier(int in, int classes, Initialisation start) {
        return new Pointwise(start.linear(in, classes), start.bias(in, classes));
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
