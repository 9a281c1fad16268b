package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import replklab.nn.ConvBn;
import replklab.nn.Depthwise;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Sequential;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/**
 * MobileNetV2's block: pointwise expansion, depthwise convolution, linear pointwise projection, and a shortcut around them
 * where input and output have the same shape.
 */
public final class InvertedResidual extends Layer {
    private final Layer branch;
    private final boolean shortcut;

    /**
     * @param in input channels
     * @param out output channels
     * @param expansion factor of the inner channels; with 1 there is no expansion convolution
     * @param kernel size of the depthwise kernel, odd
     * @param stride of the depthwise convolution
     * @param shortcut whether to add the input where the shapes allow it
     */
    public InvertedResidual(
            int in, int out, int expansion, int kernel, int stride, boolean shortcut, RandomGenerator random) {
        this(
                in,
                out,
                expansion,
                DepthwiseKernel.plain(kernel),
                stride,
                shortcut,
                KernelForm.TRAINING,
                Initialisation.kaimingNormal(random));
    }

    /**
     * @param kernel the depthwise kernel, perhaps dilated or with a small one beside it
     * @param form whether the depthwise kernel and the small one beside it are merged
     * @param start where the starting weights come from
     */
    public InvertedResidual(
            int in,
            int out,
            int expansion,
            DepthwiseKernel kernel,
            int stride,
            boolean shortcut,
            KernelForm form,
            Initialisation start) {
        int inner = in * expansion;
        List<Layer> layers = new ArrayList<>();
        if (expansion != 1) {
            layers.add(ConvBn.pointwise(in, inner, Activation.RELU6, start));
        }
        layers.add(
                kernel.small() > 0
                        ? form.make(inner, kernel.size(), kernel.small(), stride, Activation.RELU6, start)
                        : new ConvBn(
                                new Depthwise(inner, kernel.size(), stride, kernel.dilation(), false, start),
                                inner,
                                Activation.RELU6));
        layers.add(ConvBn.pointwise(inner, out, Activation.NONE, start));
        this.branch = child("conv", new Sequential(layers));
        this.shortcut = shortcut && stride == 1 && in == out;
    }

    /** Whether the input is really added. */
    public boolean hasShortcut() {
        return shortcut;
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor y = branch.forward(x);
        return shortcut ? x.add(y) : y;
    }

    @Override
    protected void fold(Folding into) {
        if (shortcut) {
            into.residual(body -> body.layer(branch));
        } else {
            into.layer(branch);
        }
    }
}
