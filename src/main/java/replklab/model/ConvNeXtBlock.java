package replklab.model;

import replklab.nn.Affine;
import replklab.nn.Depthwise;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.LayerNorm;
import replklab.nn.Linear;
import replklab.nn.WeightLayout;
import replklab.tensor.Activation;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * ConvNeXt's block: depthwise convolution, layer norm, pointwise convolution to four times the channels, GELU, pointwise
 * convolution back and layer scale, with a shortcut around them; (n, h, w, c) to the same.
 */
public final class ConvNeXtBlock extends Layer {
    private static final int EXPANSION = 4;

    private final Depthwise dwconv;
    private final LayerNorm norm;
    private final Linear pwconv1;
    private final Linear pwconv2;
    private final Tensor gamma;
    private final double dropPath;

    /**
     * @param channels input and output channels
     * @param kernel side of the depthwise kernel, odd
     * @param layerScale what the branch's factors start at
     * @param dropPath probability that the block is left out for an image while training
     * @param start where the starting weights come from
     */
    public ConvNeXtBlock(int channels, int kernel, double layerScale, double dropPath, Initialisation start) {
        this.dwconv = child("dwconv", new Depthwise(channels, kernel, 1, 1, true, start));
        this.norm = child("norm", new LayerNorm(channels));
        this.pwconv1 = child("pwconv1", new Linear(channels, EXPANSION * channels, start));
        this.pwconv2 = child("pwconv2", new Linear(EXPANSION * channels, channels, start));
        this.gamma = parameter("gamma", Tensor.full((float) layerScale, channels), WeightLayout.PLAIN);
        this.dropPath = dropPath;
    }

    @Override
    public Tensor forward(Tensor x) {
        // (n, h, w, c) -> (n, h, w, 4 c) -> (n, h, w, c)
        return Tape.block(() -> {
            Tensor inner = pwconv1.forward(norm.forward(dwconv.forward(x))).gelu();
            Tensor y = pwconv2.forward(inner).scaleChannels(gamma);
            return x.add(isTraining() ? y.dropPath(dropPath) : y);
        });
    }

    @Override
    protected void fold(Folding into) {
        into.residual(body -> {
            body.layer(dwconv);
            body.layer(norm);
            body.layer(pwconv1);
            body.activation(Activation.GELU);
            body.layer(pwconv2);
            body.affine(layerScale());
        });
    }

    private Affine layerScale() {
        float[] factors = gamma.toArray();
        double[] scale = new double[factors.length];
        for (int c = 0; c < scale.length; c++) {
            scale[c] = factors[c];
        }
        return new Affine(scale, new double[scale.length]);
    }
}
