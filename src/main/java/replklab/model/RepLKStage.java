package replklab.model;

import java.util.ArrayList;
import java.util.List;
import replklab.nn.BatchNorm;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Sequential;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** A stage of RepLKNet: RepLK blocks and ConvFFNs in turn; (n, h, w, c) to the same. */
public final class RepLKStage extends Layer {
    private final Sequential blocks;
    private final BatchNorm norm; // null if there is none

    /**
     * @param config the network
     * @param stage which of its stages, from 0
     * @param form whether the kernels are merged
     * @param norm whether there is an extra norm for the stage's feature map, which {@link #forward} leaves out
     * @param start where the starting weights come from
     */
    RepLKStage(RepLKNetConfig config, int stage, KernelForm form, boolean norm, Initialisation start) {
        int channels = config.channels().get(stage);
        int before = config.layers().subList(0, stage).stream()
                .mapToInt(Integer::intValue)
                .sum();
        double[] dropPaths = config.dropPaths();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers().get(stage); i++) {
            double dropPath = dropPaths[before + i]; // a RepLK block and its ConvFFN share one
            layers.add(new RepLKBlock(
                    channels,
                    config.dwChannels(stage),
                    config.kernels().get(stage),
                    config.smallKernel(),
                    dropPath,
                    form,
                    start));
            layers.add(new ConvFfn(channels, config.ffnChannels(stage), dropPath, start));
        }
        this.blocks = child("blocks", new Sequential(layers));
        this.norm = norm ? child("norm", new BatchNorm(channels, Activation.NONE)) : null;
    }

    /** The extra norm for the feature map, or null. */
    BatchNorm norm() {
        return norm;
    }

    @Override
    public Tensor forward(Tensor x) {
        return blocks.forward(x);
    }

    @Override
    protected void fold(Folding into) {
        into.layer(blocks);
    }
}
