package replklab.model;

import java.util.random.RandomGenerator;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.LayerNorm;
import replklab.nn.Linear;
import replklab.nn.ModuleList;
import replklab.tensor.Tensor;

/**
 * ConvNeXt (Liu et al. 2022) as a classifier: (n, h, w, inputChannels) to (n, classes). The parts have the names of its authors'
 * checkpoints. Pixels that make no whole square of the stem or of a halving are left out.
 */
public final class ConvNeXt extends Layer {
    private final ConvNeXtConfig config;
    private final ConvNeXtStages parts;
    private final LayerNorm norm;
    private final Linear head;

    /**
     * @param config the architecture
     * @param random starting weights are drawn from it
     */
    public ConvNeXt(ConvNeXtConfig config, RandomGenerator random) {
        this(config, Initialisation.normal(random));
    }

    /**
     * @param config the architecture
     * @param start where the starting weights come from
     */
    public ConvNeXt(ConvNeXtConfig config, Initialisation start) {
        this.config = config;
        this.parts = ConvNeXtStages.of(config, config.channels().size(), start);
        // These two only give the names: in the forward pass they take turns.
        child("downsample_layers", new ModuleList(parts.downsampling()));
        child("stages", new ModuleList(parts.stages()));
        int last = config.channels().getLast();
        this.norm = child("norm", new LayerNorm(last));
        this.head = child("head", new Linear(last, config.classes(), start));
    }

    /** The architecture. */
    public ConvNeXtConfig config() {
        return config;
    }

    @Override
    public Tensor forward(Tensor x) {
        // (n, h, w, c) -> (n, h', w', last) -> (n, last) -> (n, classes)
        Tensor y = x;
        for (int stage = 0; stage < parts.stages().size(); stage++) {
            y = parts.stages()
                    .get(stage)
                    .forward(parts.downsampling().get(stage).forward(y));
        }
        return head.forward(norm.forward(y.globalAveragePool()));
    }

    @Override
    protected void fold(Folding into) {
        for (int stage = 0; stage < parts.stages().size(); stage++) {
            into.layer(parts.downsampling().get(stage));
            into.layer(parts.stages().get(stage));
        }
        into.globalAveragePool();
        into.layer(norm);
        into.layer(head);
    }
}
