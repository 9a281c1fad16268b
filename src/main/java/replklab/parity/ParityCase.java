package replklab.parity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import replklab.base.UsageException;
import replklab.model.KernelForm;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetConfig;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Initialisation;
import replklab.tensor.Tensor;

/**
 * A network that both compute, with random weights on random images.
 *
 * @param name what is special about it
 * @param config the architecture
 * @param stages whose maps a backbone gives; empty for a classifier
 * @param norms whether each map of a backbone has an extra norm
 * @param images how many there are
 * @param height of each in pixels
 * @param width likewise
 * @param gradients whether a training step and the receptive field are computed, too
 */
public record ParityCase(
        String name,
        RepLKNetConfig config,
        List<Integer> stages,
        boolean norms,
        int images,
        int height,
        int width,
        boolean gradients) {
    static final double LABEL_SMOOTHING = 0.1;
    /** Weights, images and losses are drawn from it. */
    public static final long SEED = 17;

    public ParityCase {
        stages = List.copyOf(stages);
        if (images < 1 || height < 1 || width < 1) {
            throw new UsageException("images of parity case " + name + " are " + images + " of " + height + "x" + width
                    + "; all three must be at least 1");
        }
    }

    /**
     * Every case: what the paper varies (kernels, the small kernel or none, depthwise width), and what it does not (odd
     * channel counts, other ratios, stages, colours and image sizes). Images are so large that the norms of the last stage see
     * 18 values or more of a channel: over fewer, rounding in single precision grows in the gradients, PyTorch's as ours.
     */
    public static List<ParityCase> all() {
        List<Integer> usual = List.of(1, 1, 2, 1);
        List<Integer> narrow = List.of(8, 12, 16, 24);
        return List.of(
                classifier(
                        "31-29-27-13 with 5x5",
                        config(List.of(31, 29, 27, 13), usual, narrow, 5, 1, 4, 3, 10),
                        3,
                        96,
                        96),
                classifier(
                        "3x3 without small kernel",
                        config(List.of(3, 3, 3, 3), usual, narrow, 0, 1, 4, 3, 10),
                        3,
                        64,
                        96),
                classifier(
                        "7x7 with 5x5, deep",
                        config(List.of(7, 7, 7, 7), List.of(2, 2, 6, 2), narrow, 5, 1, 4, 3, 10),
                        3,
                        96,
                        96),
                classifier(
                        "XL-like: 27-27-27-13, width 1.5",
                        config(List.of(27, 27, 27, 13), usual, List.of(8, 16, 24, 32), 0, 1.5, 4, 3, 10),
                        3,
                        96,
                        96),
                classifier(
                        "odd channels, grey, 75x53 pixels",
                        config(List.of(9, 7, 5, 3), usual, List.of(7, 13, 21, 37), 3, 1, 3, 1, 7),
                        4,
                        75,
                        53),
                classifier(
                        "three stages, width 2.5, FFN 2.5",
                        config(List.of(21, 11, 5), List.of(2, 1, 1), List.of(6, 10, 18), 5, 2.5, 2.5, 3, 5),
                        3,
                        49,
                        97),
                classifier(
                        "five stages, small as large, 1x1 last",
                        config(
                                List.of(13, 5, 5, 3, 1),
                                List.of(1, 1, 1, 1, 1),
                                List.of(5, 8, 8, 9, 12),
                                1,
                                1,
                                1.5,
                                4,
                                3),
                        5,
                        130,
                        98),
                classifier(
                        "one stage of 63x63", config(List.of(63), List.of(2), List.of(6), 63, 1, 4, 3, 2), 3, 112, 80),
                new ParityCase(
                        "backbone, extra norms",
                        config(List.of(27, 27, 27, 13), usual, narrow, 0, 1.5, 4, 3, 1000),
                        List.of(0, 1, 2, 3),
                        true,
                        3,
                        64,
                        80,
                        true),
                new ParityCase(
                        "backbone, stages 1 and 3",
                        config(List.of(13, 11, 9, 7), usual, narrow, 5, 1, 4, 3, 1000),
                        List.of(1, 3),
                        false,
                        3,
                        64,
                        80,
                        true),
                new ParityCase(
                        "RepLKNet-31B itself",
                        RepLKNetConfig.named("replknet-31b"),
                        List.of(),
                        false,
                        1,
                        64,
                        64,
                        false));
    }

    private static ParityCase classifier(String name, RepLKNetConfig config, int images, int height, int width) {
        return new ParityCase(name, config, List.of(), false, images, height, width, true);
    }

    private static RepLKNetConfig config(
            List<Integer> kernels,
            List<Integer> layers,
            List<Integer> channels,
            int small,
            double dwRatio,
            double ffnRatio,
            int inputChannels,
            int classes) {
        return new RepLKNetConfig(kernels, layers, channels, small, dwRatio, ffnRatio, 0, inputChannels, classes);
    }

    /** The network, as if it had been trained: no norm, shift or running statistic where it starts. */
    RepLKNetTrunk network() {
        RandomGenerator random = new SplittableRandom(SEED);
        Initialisation start = Initialisation.uniform(random);
        RepLKNetTrunk network = stages.isEmpty()
                ? new RepLKNet(config, KernelForm.TRAINING, start)
                : new RepLKNetBackbone(config, stages, norms, KernelForm.TRAINING, start);
        network.layer().state().forEach((name, variable) -> {
            Tensor tensor = variable.tensor();
            if (tensor.shape().rank() == 1) {
                boolean factor = name.endsWith("weight") || name.endsWith("running_var");
                float[] values = new float[tensor.size(0)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (factor ? random.nextDouble(0.5, 1.5) : random.nextGaussian() / 4);
                }
                tensor.assign(values);
            }
        });
        return network;
    }

    /** The images (n, h, w, c). */
    Tensor input() {
        return Tensor.normal(new SplittableRandom(SEED + 1), 1, images, height, width, config.inputChannels());
    }

    /** What a backbone's map is weighted with in its loss, the mean of the products; of either sign. */
    Tensor lossWeights(int map, int... sizes) {
        return Tensor.normal(new SplittableRandom(SEED + 2 + map), 1, sizes);
    }

    /** A class for each image. */
    int[] labels() {
        return IntStream.range(0, images)
                .map(i -> (2 * i + 1) % config.classes())
                .toArray();
    }

    /** What the authors' model is told of it. */
    SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        fields.put("kernels", config.kernels());
        fields.put("layers", config.layers());
        fields.put("channels", config.channels());
        fields.put("small", config.smallKernel());
        fields.put("dw_ratio", config.dwRatio());
        fields.put("ffn_ratio", config.ffnRatio());
        fields.put("input_channels", config.inputChannels());
        fields.put("classes", config.classes());
        fields.put("stages", stages);
        fields.put("norms", norms);
        fields.put("gradients", gradients);
        fields.put("labels", labels());
        fields.put("label_smoothing", LABEL_SMOOTHING);
        return fields;
    }

    /** One quantity of this case, compared; see {@link Differences#of}. */
    ParityRow row(String quantity, Map<String, float[]> theirs, Map<String, float[]> ours) {
        return Differences.of(name, quantity, theirs, ours);
    }

    /** The architecture and the images in words. */
    Map<String, String> words() {
        SequencedMap<String, String> words = new LinkedHashMap<>();
        words.put("kernels", joined(config.kernels()));
        words.put("small", config.smallKernel() == 0 ? "none" : Integer.toString(config.smallKernel()));
        words.put("layers", joined(config.layers()));
        words.put("channels", joined(config.channels()));
        words.put("width, FFN", config.dwRatio() + ", " + config.ffnRatio());
        words.put("input", images + " x " + config.inputChannels() + " x " + height + " x " + width);
        return words;
    }

    private static String joined(List<Integer> values) {
        return String.join("-", values.stream().map(String::valueOf).toList());
    }
}
