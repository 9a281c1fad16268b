package replklab.model;

import replklab.nn.Depthwise;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** What a {@link LargeKernel} is after structural re-parameterisation: one depthwise convolution with bias. */
final class MergedKernel extends Layer {
    private final Depthwise reparam;
    private final Activation activation;

    MergedKernel(int channels, int kernel, int stride, Activation activation, Initialisation start) {
        this.reparam = child("lkb_reparam", new Depthwise(channels, kernel, stride, 1, true, start));
        this.activation = activation;
    }

    @Override
    public Tensor forward(Tensor x) {
        return reparam.forward(x).activation(activation);
    }

    @Override
    protected void fold(Folding into) {
        into.layer(reparam);
        into.activation(activation);
    }
}
