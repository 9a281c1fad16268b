package replklab.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import replklab.analysis.EffectiveReceptiveField;
import replklab.analysis.EffectiveReceptiveField.Progress;
import replklab.analysis.FieldSize;
import replklab.analysis.ImageSource;
import replklab.base.LabException;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Sequential;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Sizes of the receptive fields of random networks by kernel size and depth: a grid of K and L, some networks each.
 *
 * @param kernels values of K, odd
 * @param depths values of L
 * @param seeds networks for each pair, drawn from seeds 1, 2...
 */
public record FieldSizes(List<Integer> kernels, List<Integer> depths, int seeds) {
    /** Channels of every network here: gradients of random filters are averaged over them. */
    private static final int CHANNELS = 16;

    /** Images are as wide as this many standard deviations of what theory expects, or as all that can be reached. */
    private static final double DEVIATIONS = 8;

    /** Beyond it maps get slow, and little of the fields of networks with shortcuts reaches there. */
    private static final int LARGEST_RESIDUAL_MAP = 192;

    /** Pixels of an image in a pixel of RepLKNet's first stage. */
    private static final int STEM = 4;

    /** Passes after which the running statistics (momentum 0.1) are the data's to a hundredth. */
    private static final int CALIBRATION = 44;

    private static final int CALIBRATION_SIDE = 64;

    public FieldSizes {
        kernels = List.copyOf(kernels);
        depths = List.copyOf(depths);
    }

    /** One network's measurement. */
    @FunctionalInterface
    private interface Measurement {
        double radius(int kernel, int depth, RandomGenerator random);
    }

    /** Stacks of depthwise layers and nothing else: the case of the theory (Luo et al., arXiv:1701.04128). */
    public List<FieldSize> plainStacks(Progress progress) {
        return measure(FieldSizes::plainStack, progress);
    }

    /**
     * RepLKNets of one stage, untrained, their norms' statistics taken from noise; radii in pixels of the stage's map, a
     * quarter of the image's.
     */
    public List<FieldSize> residualNetworks(Progress progress) {
        return measure(FieldSizes::residualNetwork, progress);
    }

    /**
     * A network's norms get the running statistics of some images, as training would leave them; its weights stay. Without
     * that, the branches of an untrained network hardly count beside its shortcuts.
     *
     * @param images (n, h, w, c)
     */
    static void calibrate(Layer network, Tensor images) {
        network.train(true);
        for (int pass = 0; pass < CALIBRATION; pass++) {
            try (Tape _ = Tape.inference()) {
                network.forward(images);
            }
        }
        network.train(false);
    }

    private List<FieldSize> measure(Measurement measurement, Progress progress) {
        int total = kernels.size() * depths.size() * seeds;
        List<FieldSize> sizes = new ArrayList<>();
        long begin = System.nanoTime();
        for (int seed = 1; seed <= seeds; seed++) {
            for (int kernel : kernels) {
                for (int depth : depths) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new LabException("interrupted after " + sizes.size() + " of " + total + " networks");
                    }
                    sizes.add(new FieldSize(
                            kernel, depth, measurement.radius(kernel, depth, new SplittableRandom(seed))));
                    long nanos = System.nanoTime() - begin;
                    progress.images(
                            sizes.size(), total, Duration.ofNanos(nanos / sizes.size() * (total - sizes.size())));
                }
            }
        }
        Tape.releaseMemory();
        return sizes;
    }

    private static double plainStack(int kernel, int depth, RandomGenerator random) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            layers.add(new Depthwise(CHANNELS, kernel, 1, 1, random));
        }
        int side = side(kernel, depth);
        Tensor image = Tensor.normal(random, 1, 1, side, side, CHANNELS);
        return new EffectiveReceptiveField(new Sequential(layers)::forward)
                .score(ImageSource.of(image))
                .radius();
    }

    private static double residualNetwork(int kernel, int depth, RandomGenerator random) {
        RepLKNetConfig config =
                new RepLKNetConfig(List.of(kernel), List.of(depth), List.of(CHANNELS), 0, 1, 4, 0, 3, 2);
        RepLKNet network = new RepLKNet(config, random);
        calibrate(network, Tensor.normal(random, 1, 4, CALIBRATION_SIDE, CALIBRATION_SIDE, 3));
        int side = STEM * Math.min(LARGEST_RESIDUAL_MAP, side(kernel, depth));
        Tensor images = Tensor.normal(random, 1, 2, side, side, 3);
        return EffectiveReceptiveField.of(network).score(ImageSource.of(images)).radius() / STEM;
    }

    /** Of a map that holds the field of {@code depth} layers; odd, so that it has a centre. */
    private static int side(int kernel, int depth) {
        int reached = 1 + depth * (kernel - 1);
        double deviation = Math.sqrt(depth * (kernel * kernel - 1) / 6.0);
        return Math.min(reached, 2 * (int) Math.ceil(DEVIATIONS / 2 * deviation) + 1);
    }
}
