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
     * @param random starting weights are drawn from it
     */
    public Pointwise(int in, int out, boolean bias, RandomGenerator random) {
        this.weight = parameter("weight", Initialisation.kaimingNormal(random, out, out, in), WeightLayout.POINTWISE);
        this.bias = bias ? parameter("bias", Tensor.zeros(out), WeightLayout.PLAIN) : null;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.pointwise(weight, bias);
    }
}
