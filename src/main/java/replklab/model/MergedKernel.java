package replklab.model;

import replklab.nn.Depthwise;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Tensor;

/** What a {@link LargeKernel} is after structural re-parameterisation: one depthwise convolution with bias. */
final class MergedKernel extends Layer {
    private final Depthwise reparam;

    MergedKernel(int channels, int kernel, Initialisation start) {
        this.reparam = child("lkb_reparam", new Depthwise(channels, kernel, 1, 1, true, start));
    }

    @Override
    public Tensor forward(Tensor x) {
        return reparam.forward(x);
    }

    @Override
    protected void fold(Folding into) {
        into.layer(reparam);
    }
}
