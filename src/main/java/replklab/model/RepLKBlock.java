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
 * RepLKNet's block for spatial mixing (the paper's figure 2): norm, pointwise, large depthwise and pointwise convolution,
 * with a shortcut around them; (n, h, w, c) to the same.
 */
public final class RepLKBlock extends Layer {
    private final BatchNorm prelkbBn;
    private final ConvBn pw1;
    private final Layer largeKernel;
    private final ConvBn pw2;
    private final double dropPath;

    /**
     * @param channels input and output channels
     * @param dwChannels channels of the depthwise convolution
     * @param kernel side of the large kernel, odd
     * @param smallKernel side of the parallel one, odd and no larger; 0 for none
     * @param dropPath probability that the block is left out for an image while training
     * @param form whether the kernels are merged
     * @param start where the starting weights come from
     */
    public RepLKBlock(
            int channels,
            int dwChannels,
            int kernel,
            int smallKernel,
            double dropPath,
            KernelForm form,
            Initialisation start) {
        this.prelkbBn = child("prelkb_bn", new BatchNorm(channels, Activation.NONE));
        this.pw1 = child("pw1", ConvBn.pointwise(channels, dwChannels, Activation.RELU, start));
        this.largeKernel = child("large_kernel", form.make(dwChannels, kernel, smallKernel, 1, Activation.RELU, start));
        this.pw2 = child("pw2", ConvBn.pointwise(dwChannels, channels, Activation.NONE, start));
        this.dropPath = dropPath;
    }

    @Override
    public Tensor forward(Tensor x) {
        // (n, h, w, c) -> (n, h, w, dw) -> (n, h, w, c)
        return Tape.block(() -> {
            Tensor y = pw2.forward(largeKernel.forward(pw1.forward(prelkbBn.forward(x))));
            return x.add(isTraining() ? y.dropPath(dropPath) : y);
        });
    }

    @Override
    protected void fold(Folding into) {
        into.residual(body -> {
            body.layer(prelkbBn);
            body.layer(pw1);
            body.layer(largeKernel);
            body.layer(pw2);
        });
    }
}
