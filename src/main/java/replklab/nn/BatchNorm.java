package replklab.nn;

import replklab.tensor.Activation;
import replklab.tensor.BatchNormState;
import replklab.tensor.Tensor;

/** Batch norm (epsilon 1e-5, momentum 0.1), fused with the activation after it. */
public final class BatchNorm extends Layer {
    private final BatchNormState state;
    private final Activation activation;

    public BatchNorm(int channels, Activation activation) {
        Tensor gamma = parameter("weight", Tensor.full(1, channels), WeightLayout.PLAIN);
        Tensor beta = parameter("bias", Tensor.zeros(channels), WeightLayout.PLAIN);
        Tensor mean = buffer("running_mean", Tensor.zeros(channels));
        Tensor variance = buffer("running_var", Tensor.full(1, channels));
        this.state = new BatchNormState(gamma, beta, mean, variance, 1e-5, 0.1);
        this.activation = activation;
    }

    /** What the norm does in evaluation mode, the activation after it left aside. */
    public Affine affine() {
        return Affine.of(state);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.batchNorm(state, activation, isTraining());
    }

    @Override
    protected void fold(Folding into) {
        into.affine(affine());
        into.activation(activation);
    }
}
