package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Tensor;

/** Linear layer with bias: (n, in) to (n, out). Weights start normal with sd 0.01, as MobileNetV2's classifier. */
public final class Linear extends Layer {
    private final Tensor weight;
    private final Tensor bias;

    public Linear(int in, int out, RandomGenerator random) {
        this.weight = parameter("weight", Tensor.normal(random, 0.01, out, in), WeightLayout.PLAIN);
        this.bias = parameter("bias", Tensor.zeros(out), WeightLayout.PLAIN);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.pointwise(weight, bias);
    }
}
