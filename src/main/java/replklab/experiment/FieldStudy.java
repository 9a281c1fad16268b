package replklab.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import replklab.analysis.ImageSource;
import replklab.base.UsageException;
import replklab.data.Augmentation;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.data.TrainTest;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Layer;
import replklab.tensor.Precision;
import replklab.tensor.Tensor;
import replklab.train.TrainingConfig;
import replklab.train.TrainingConfig.OptimiserKind;

/**
 * The small RepLKNets whose receptive fields notebook 08 compares: alike but for their kernels, random or trained on
 * Fashion-MNIST, whose images are enlarged so that large kernels have room.
 *
 * @param resolution side of the images in training, in pixels
 * @param trainExamples images to train on
 * @param testExamples images to measure accuracy on
 * @param epochs passes over them
 * @param fieldResolution side of the images that fields are measured on; the authors' are 4.6 times those of training
 * @param fieldImages how many of them
 * @param paperNetworks networks of the paper that are looked at with random weights
 * @param paperResolution side of the images for those; the authors' have 1024
 * @param sizes the grid of the growth with kernel size and depth
 */
public record FieldStudy(
        int resolution,
        int trainExamples,
        int testExamples,
        int epochs,
        int fieldResolution,
        int fieldImages,
        List<String> paperNetworks,
        int paperResolution,
        FieldSizes sizes) {
    /** Networks, their training and the images are drawn from it. */
    public static final long SEED = 1;

    private static final int BATCH = 32;
    private static final SequencedMap<String, List<Integer>> KERNELS = new LinkedHashMap<>();

    static {
        KERNELS.put("3-3-3-3", List.of(3, 3, 3, 3));
        KERNELS.put("7-7-7-7", List.of(7, 7, 7, 7));
        KERNELS.put("13-13-13-13", List.of(13, 13, 13, 13));
        KERNELS.put("31-29-27-13", List.of(31, 29, 27, 13));
    }

    /** What a profile can afford. */
    public static FieldStudy of(Profile profile) {
        List<String> paper = List.of("replknet-13", "replknet-31b");
        return switch (profile) {
            case SMOKE ->
                new FieldStudy(32, 64, 20, 1, 64, 2, List.of(), 64, new FieldSizes(List.of(3, 7), List.of(1, 2), 1));
            case QUICK ->
                new FieldStudy(
                        112,
                        2000,
                        500,
                        3,
                        512,
                        20,
                        paper,
                        1024,
                        new FieldSizes(List.of(3, 7, 13, 31), List.of(2, 4, 8, 16), 2));
            case PAPER ->
                throw new UsageException(
                        "the study of receptive fields has no profile paper; it has smoke, quick and full");
            case FULL ->
                new FieldStudy(
                        112,
                        10_000,
                        2000,
                        6,
                        512,
                        50,
                        paper,
                        1024,
                        new FieldSizes(List.of(3, 7, 13, 21, 31), List.of(2, 4, 8, 16), 5));
        };
    }

    /** The networks' names, which are their kernels by stage. */
    public static List<String> names() {
        return List.copyOf(KERNELS.keySet());
    }

    /**
     * A network's architecture; re-parameterised by 5x5 as the paper's, where its kernels are larger.
     *
     * @param name its kernels by stage
     */
    public static RepLKNetConfig config(String name) {
        List<Integer> kernels = KERNELS.get(name);
        if (kernels == null) {
            throw UsageException.unknown("network", name, KERNELS.keySet());
        }
        int small = kernels.getFirst() > 5 ? 5 : 0;
        return new RepLKNetConfig(kernels, List.of(1, 1, 2, 1), List.of(16, 32, 48, 64), small, 1, 4, 0, 1, 10);
    }

    /** A network before its training: random weights, norms with the statistics of images. */
    public RepLKNet random(String name) {
        RepLKNet network = new RepLKNet(config(name), new SplittableRandom(SEED));
        FieldSizes.calibrate(network, enlarged(data().train(), BATCH, resolution));
        return network;
    }

    /**
     * A network of the paper, at its full size and with random weights, merged; norms with the statistics of noise.
     *
     * @param name such as {@code "replknet-31b"}
     */
    public RepLKNet randomPaperNetwork(String name) {
        RepLKNet network = new RepLKNet(RepLKNetConfig.named(name), new SplittableRandom(SEED));
        FieldSizes.calibrate(network, Tensor.normal(new SplittableRandom(SEED), 1, 1, 96, 96, 3));
        return network.merged();
    }

    /** Noise to look at a network of the paper with. */
    public ImageSource noise() {
        return ImageSource.of(Tensor.normal(new SplittableRandom(SEED), 1, 1, paperResolution, paperResolution, 3));
    }

    /** Test images to look at the small networks with, enlarged. */
    public ImageSource images() {
        return ImageSource.of(enlarged(data().test(), fieldImages, fieldResolution));
    }

    /** Images to train and to test on, in their own size. */
    public TrainTest data() {
        return Datasets.open(DatasetSpec.fashionMnist().withExamples(trainExamples, testExamples), SEED);
    }

    /** A classifier of the data's own images that hands them to a network at {@link #resolution}. */
    Layer enlarging(RepLKNet network) {
        return new Enlarged(network, resolution);
    }

    /** How the networks are trained. */
    public TrainingConfig training() {
        return new TrainingConfig(
                epochs,
                BATCH,
                OptimiserKind.ADAMW,
                2e-3,
                0.9,
                0.05,
                0.3,
                0.1,
                5,
                0,
                0,
                Precision.FLOAT32,
                new Augmentation(0, 0.5, 0, 0, 0));
    }

    private static Tensor enlarged(ImageDataset images, int count, int side) {
        return DatasetImages.of(images, IntStream.range(0, Math.min(count, images.size())))
                .resizeBilinear(side, side);
    }

    /** A classifier of small images that sees them enlarged. */
    private static final class Enlarged extends Layer {
        private final Layer network;
        private final int side;

        Enlarged(Layer network, int side) {
            this.network = child("network", network);
            this.side = side;
        }

        @Override
        public Tensor forward(Tensor x) {
            return network.forward(x.resizeBilinear(side, side));
        }
    }
}
