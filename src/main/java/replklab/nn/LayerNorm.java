package replklab.nn;

import replklab.tensor.Tensor;

/**
 * Layer norm over the channels of every pixel (epsilon 1e-6), as ConvNeXt has it: (..., c) to the same. What it does to a pixel
 * depends on that pixel, so unlike a batch norm it folds into nothing.
 */
public final class LayerNorm extends Layer {
    private static final double EPSILON = 1e-6;

    private final Tensor gamma;
    private final Tensor beta;

    public LayerNorm(int channels) {
        this.gamma = parameter("weight", Tensor.full(1, channels), WeightLayout.PLAIN);
        this.beta = parameter("bias", Tensor.zeros(channels), WeightLayout.PLAIN);
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.layerNorm(gamma, beta, EPSILON);
    }
}
