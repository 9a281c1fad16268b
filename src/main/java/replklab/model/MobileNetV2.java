package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import replklab.nn.ConvBn;
import replklab.nn.Convolution;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.nn.Sequential;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** MobileNetV2 as a classifier: (n, h, w, inputChannels) to (n, classes). */
public final class MobileNetV2 extends Layer {
    /** Expansion and channels of each stage (Sandler et al. 2018, table 2). */
    private static final int[][] STAGES = {{1, 16}, {6, 24}, {6, 32}, {6, 64}, {6, 96}, {6, 160}, {6, 320}};

    private final MobileNetV2Config config;
    private final Layer features;
    private final Layer classifier;

    /**
     * @param config the architecture
     * @param random starting weights are drawn from it
     */
    public MobileNetV2(MobileNetV2Config config, RandomGenerator random) {
        this(config, KernelForm.TRAINING, Initialisation.kaimingNormal(random));
    }

    /**
     * @param config the architecture
     * @param form whether the depthwise kernels and the small ones beside them, if there are any, are merged
     * @param start where the starting weights come from
     */
    public MobileNetV2(MobileNetV2Config config, KernelForm form, Initialisation start) {
        this.config = config;
        List<Layer> layers = new ArrayList<>();
        layers.add(stem(config, start));
        for (int stage = 0; stage < STAGES.length; stage++) {
            layers.addAll(stage(config, stage, form, start));
        }
        layers.add(ConvBn.pointwise(channels(config, 6), config.lastChannels(), Activation.RELU6, start));
        this.features = child("features", new Sequential(layers));
        this.classifier = child("classifier", new Linear(config.lastChannels(), config.classes(), start));
    }

    static Layer stem(MobileNetV2Config config, Initialisation start) {
        int channels = config.scaled(32);
        return new ConvBn(
                new Convolution(config.inputChannels(), channels, 3, config.stemStride(), start),
                channels,
                Activation.RELU6);
    }

    /** The blocks of a stage, counted from 0. */
    static List<Layer> stage(MobileNetV2Config config, int stage, KernelForm form, Initialisation start) {
        List<Layer> blocks = new ArrayList<>();
        int out = channels(config, stage);
        for (int block = 0; block < config.blocks(stage); block++) {
            int in = block > 0 ? out : stage > 0 ? channels(config, stage - 1) : config.scaled(32);
            blocks.add(new InvertedResidual(
                    in,
                    out,
                    STAGES[stage][0],
                    config.depthwise(stage),
                    block == 0 ? config.strides().get(stage) : 1,
                    config.shortcut(),
                    form,
                    start));
        }
        return blocks;
    }

    /** Output channels of a stage. */
    static int channels(MobileNetV2Config config, int stage) {
        return config.scaled(STAGES[stage][1]);
    }

    /**
     * A copy of this network in which each depthwise kernel and the small one beside it are one convolution (structural
     * re-parameterisation, the paper's guideline 3 and table 3). Without small kernels it is an equal copy.
     */
    public MobileNetV2 merged() {
        MobileNetV2 merged = new MobileNetV2(config, KernelForm.MERGED, Initialisation.undefined());
        merged.load(Reparameterisation.mergedState(this));
        return merged;
    }

    /** The architecture. */
    public MobileNetV2Config config() {
        return config;
    }

    @Override
    public Tensor forward(Tensor x) {
        // (n, h, w, c) -> (n, h', w', last) -> (n, last) -> (n, classes)
        return classifier.forward(features.forward(x).globalAveragePool());
    }

    @Override
    protected void fold(Folding into) {
        into.layer(features);
        into.globalAveragePool();
        into.layer(classifier);
    }
}
