package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Tensor;

/** Linear layer with bias: (n, in) to (n, out). */
public final class Linear extends Layer {
    private final Tensor weight;
    private final Tensor bias;

    public Linear(int in, int out, Initialisation start) {
        this.weight = parameter("weight", start.linear(in, out), WeightLayout.PLAIN);
        this.bias = parameter("bias", start.bias(in, out), WeightLayout.PLAIN);
    }

    /** The same, starting as MobileNetV2's classifier: normal with sd 0.01. */
    public Linear(int in, int out, RandomGenerator random) {
        this(in, out, Initialisation.kaimingNormal(random));
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
