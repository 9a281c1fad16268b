package replklab.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;

/**
 * A RepLKNet (the paper's section 4.1 and table 5).
 *
 * @param kernels size of the large kernel in each stage, odd, 1 to 63
 * @param layers pairs of a RepLK block and a ConvFFN in each stage, at least 1
 * @param channels width of each stage; the stem has the first one
 * @param smallKernel size of the kernel parallel to each large one while training, odd and no larger; 0 for none
 * @param dwRatio depthwise channels of a RepLK block over its stage's channels, above 0; 1.5 in RepLKNet-XL
 * @param ffnRatio inner channels of a ConvFFN over its stage's channels, above 0; the paper's is 4
 * @param dropPath probability that the last block is left out for an image while training, 0 to below 1; earlier ones are by
 *     less, linearly from 0
 * @param inputChannels channels of an image
 * @param classes number of classes, at least 2
 */
public record RepLKNetConfig(
        List<Integer> kernels,
        List<Integer> layers,
        List<Integer> channels,
        int smallKernel,
        double dwRatio,
        double ffnRatio,
        double dropPath,
        int inputChannels,
        int classes) {
    private static final Map<String, RepLKNetConfig> NAMED = named();

    public RepLKNetConfig {
        kernels = perStage("kernels", kernels);
        layers = perStage("layers", layers);
        channels = perStage("channels", channels);
        if (layers.size() != kernels.size() || channels.size() != kernels.size()) {
            throw new UsageException("kernels, layers and channels of RepLKNet have " + kernels.size() + ", "
                    + layers.size() + " and " + channels.size() + " entries; there must be one a stage in each");
        }
        kernels.forEach(ConvolutionShape::requireKernel);
        requireSmallKernel(smallKernel, kernels);
        requirePositive("dwRatio", dwRatio);
        requirePositive("ffnRatio", ffnRatio);
        for (int width : channels) {
            requireWidth("dwRatio", dwRatio, width);
            requireWidth("ffnRatio", ffnRatio, width);
        }
        if (!(dropPath >= 0 && dropPath < 1)) {
            throw new UsageException("dropPath of RepLKNet is " + dropPath + "; allowed is 0 up to, not including, 1");
        }
        UsageException.requireAtLeast("inputChannels of RepLKNet", inputChannels, 1);
        UsageException.requireAtLeast("classes of RepLKNet", classes, 2);
    }

    private static List<Integer> perStage(String name, List<Integer> values) {
        if (values.isEmpty()) {
            throw new UsageException(name + " of RepLKNet is empty; there must be one a stage");
        }
        values.forEach(value -> UsageException.requireAtLeast(name + " of RepLKNet", value, 1));
        return List.copyOf(values);
    }

    private static void requireSmallKernel(int small, List<Integer> kernels) {
        int most = kernels.stream().mapToInt(Integer::intValue).min().orElseThrow();
        if (small != 0 && (small < 0 || small % 2 == 0 || small > most)) {
            throw new UsageException("smallKernel of RepLKNet is " + small
                    + "; allowed are 0, for none, and odd numbers up to the smallest large kernel, " + most);
        }
    }

    private static void requirePositive(String name, double ratio) {
        if (!(ratio > 0 && ratio <= 64)) {
            throw new UsageException(name + " of RepLKNet is " + ratio + "; allowed is above 0 up to 64");
        }
    }

    private static void requireWidth(String name, double ratio, int width) {
        if ((int) (width * ratio) < 1) {
            throw new UsageException(name + " of RepLKNet is " + ratio + ", which leaves no channel of " + width);
        }
    }

    /**
     * One of the paper's networks, for ImageNet's 1000 classes and without drop path, which belongs to the training recipe:
     * {@code replknet-3}, {@code -7}, {@code -13}, {@code -25}, {@code -31b}, {@code -31l} or {@code -xl}.
     *
     * @throws UsageException if there is no such name, with the near ones
     */
    public static RepLKNetConfig named(String name) {
        RepLKNetConfig config = NAMED.get(name);
        if (config == null) {
            throw UsageException.unknown("RepLKNet", name, NAMED.keySet());
        }
        return config;
    }

    /** The names that {@link #named(String)} knows, from the smallest network to the largest. */
    public static Set<String> names() {
        return NAMED.keySet();
    }

    private static Map<String, RepLKNetConfig> named() {
        Map<String, RepLKNetConfig> named = new LinkedHashMap<>();
        named.put("replknet-3", imageNet(List.of(3, 3, 3, 3), 128, 0, 1));
        named.put("replknet-7", imageNet(List.of(7, 7, 7, 7), 128, 5, 1));
        named.put("replknet-13", imageNet(List.of(13, 13, 13, 13), 128, 5, 1));
        named.put("replknet-25", imageNet(List.of(25, 25, 25, 13), 128, 5, 1));
        named.put("replknet-31b", imageNet(List.of(31, 29, 27, 13), 128, 5, 1));
        named.put("replknet-31l", imageNet(List.of(31, 29, 27, 13), 192, 5, 1));
        named.put("replknet-xl", imageNet(List.of(27, 27, 27, 13), 256, 0, 1.5));
        return Collections.unmodifiableMap(named);
    }

    private static RepLKNetConfig imageNet(List<Integer> kernels, int width, int smallKernel, double dwRatio) {
        return new RepLKNetConfig(
                kernels,
                List.of(2, 2, 18, 2),
                List.of(width, 2 * width, 4 * width, 8 * width),
                smallKernel,
                dwRatio,
                4,
                0,
                3,
                1000);
    }

    /** This network with another drop path. */
    public RepLKNetConfig withDropPath(double rate) {
        return new RepLKNetConfig(
                kernels, layers, channels, smallKernel, dwRatio, ffnRatio, rate, inputChannels, classes);
    }

    /** This network for other images and classes. */
    public RepLKNetConfig withData(int newInputChannels, int newClasses) {
        return new RepLKNetConfig(
                kernels, layers, channels, smallKernel, dwRatio, ffnRatio, dropPath, newInputChannels, newClasses);
    }

    /** Depthwise channels of the RepLK blocks of a stage. */
    int dwChannels(int stage) {
        return (int) (channels.get(stage) * dwRatio);
    }

    /** Inner channels of the ConvFFNs of a stage. */
    int ffnChannels(int stage) {
        return (int) (channels.get(stage) * ffnRatio);
    }

    /** The drop path of each layer of the network, stage after stage: from 0 to {@link #dropPath} in even steps. */
    double[] dropPaths() {
        double[] rates = new double[layers.stream().mapToInt(Integer::intValue).sum()];
        for (int i = 1; i < rates.length; i++) {
            rates[i] = dropPath * i / (rates.length - 1);
        }
        return rates;
    }
}
