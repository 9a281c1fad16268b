package replklab.model;

import replklab.nn.BatchNorm;
import replklab.nn.ConvBn;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Activation;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * RepLKNet's block for channel mixing, ConvFFN (the paper's figure 2): norm, pointwise convolution, GELU and pointwise
 * convolution, with a shortcut around them; (n, h, w, c) to the same.
 */
public final class ConvFfn extends Layer {
    private final BatchNorm preffnBn;
    private final ConvBn pw1;
    private final ConvBn pw2;
    private final double dropPath;

    /**
     * @param channels input and output channels
     * @param inner channels between the two convolutions
     * @param dropPath probability that the block is left out for an image while training
     * @param start where the starting weights come from
     */
    public ConvFfn(int channels, int inner, double dropPath, Initialisation start) {
        this.preffnBn = child("preffn_bn", new BatchNorm(channels, Activation.NONE));
        this.pw1 = child("pw1", ConvBn.pointwise(channels, inner, Activation.GELU, start));
        this.pw2 = child("pw2", ConvBn.pointwise(inner, channels, Activation.NONE, start));
        this.dropPath = dropPath;
    }

    @Override
    public Tensor forward(Tensor x) {
        // (n, h, w, c) -> (n, h, w, inner) -> (n, h, w, c)
        return Tape.block(() -> {
            Tensor y = pw2.forward(pw1.forward(preffnBn.forward(x)));
            return x.add(isTraining() ? y.dropPath(dropPath) : y);
        });
    }

    @Override
    protected void fold(Folding into) {
        into.residual(body -> {
            body.layer(preffnBn);
            body.layer(pw1);
            body.layer(pw2);
        });
    }
}
