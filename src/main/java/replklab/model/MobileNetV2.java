package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import replklab.nn.ConvBn;
import replklab.nn.Convolution;
import replklab.nn.Folding;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.nn.Sequential;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/** MobileNetV2 as a classifier: (n, h, w, inputChannels) to (n, classes). */
public final class MobileNetV2 extends Layer {
    /** Expansion, channels and blocks of each stage (Sandler et al. 2018, table 2). */
    private static final int[][] STAGES = {
        {1, 16, 1}, {6, 24, 2}, {6, 32, 3}, {6, 64, 4}, {6, 96, 3}, {6, 160, 3}, {6, 320, 1}
    };

    private final MobileNetV2Config config;
    private final Layer features;
    private final Layer classifier;

    /**
     * @param config the architecture
     * @param random starting weights are drawn from it
     */
    public MobileNetV2(MobileNetV2Config config, RandomGenerator random) {
        this.config = config;
        int channels = config.scaled(32);
        List<Layer> layers = new ArrayList<>();
        layers.add(new ConvBn(
                new Convolution(config.inputChannels(), channels, 3, config.stemStride(), random),
                channels,
                Activation.RELU6));
        for (int stage = 0; stage < STAGES.length; stage++) {
            int out = config.scaled(STAGES[stage][1]);
            for (int block = 0; block < STAGES[stage][2]; block++) {
                int stride = block == 0 ? config.strides().get(stage) : 1;
                layers.add(new InvertedResidual(
                        channels, out, STAGES[stage][0], config.kernel(), stride, config.shortcut(), random));
                channels = out;
            }
        }
        layers.add(ConvBn.pointwise(channels, config.lastChannels(), Activation.RELU6, random));
        this.features = child("features", new Sequential(layers));
        this.classifier = child("classifier", new Linear(config.lastChannels(), config.classes(), random));
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
