package replklab.model;

import java.util.Collections;
import java.util.List;
import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;

/**
 * A ConvNeXt (Liu et al. 2022, "A ConvNet for the 2020s") with depthwise kernels of any size.
 *
 * @param kernels size of the depthwise kernels in each stage, odd; the original has 7 everywhere
 * @param layers blocks in each stage, at least 1; 3, 3, 9 and 3 in ConvNeXt-T
 * @param channels width of each stage; 96, 192, 384 and 768 in ConvNeXt-T
 * @param stemSize side and stride of the stem's convolution; 4 for ImageNet
 * @param layerScale what the factors of the blocks' branches start at, above 0; 1e-6 in the original
 * @param dropPath probability that the last block is left out for an image while training, 0 to below 1; earlier ones are by
 *     less, linearly from 0
 * @param inputChannels channels of an image
 * @param classes number of classes, at least 2
 */
public record ConvNeXtConfig(
        List<Integer> kernels,
        List<Integer> layers,
        List<Integer> channels,
        int stemSize,
        double layerScale,
        double dropPath,
        int inputChannels,
        int classes) {
    public ConvNeXtConfig {
        kernels = List.copyOf(kernels);
        layers = List.copyOf(layers);
        channels = List.copyOf(channels);
        if (kernels.isEmpty() || layers.size() != kernels.size() || channels.size() != kernels.size()) {
            throw new UsageException("kernels, layers and channels of ConvNeXt have " + kernels.size() + ", "
                    + layers.size() + " and " + channels.size() + " entries; there must be one a stage in each");
        }
        kernels.forEach(ConvolutionShape::requireKernel);
        layers.forEach(value -> UsageException.requireAtLeast("layers of ConvNeXt", value, 1));
        channels.forEach(value -> UsageException.requireAtLeast("channels of ConvNeXt", value, 1));
        UsageException.requireAtLeast("stemSize of ConvNeXt", stemSize, 1);
        if (!(layerScale > 0 && layerScale <= 1)) {
            throw new UsageException("layerScale of ConvNeXt is " + layerScale + "; allowed is above 0 up to 1");
        }
        if (!(dropPath >= 0 && dropPath < 1)) {
            throw new UsageException("dropPath of ConvNeXt is " + dropPath + "; allowed is 0 up to, not including, 1");
        }
        UsageException.requireAtLeast("inputChannels of ConvNeXt", inputChannels, 1);
        UsageException.requireAtLeast("classes of ConvNeXt", classes, 2);
    }

    /** ConvNeXt-T for ImageNet's 1000 classes with depthwise kernels of the given size, without drop path. */
    public static ConvNeXtConfig tiny(int kernel) {
        return new ConvNeXtConfig(
                Collections.nCopies(4, kernel), List.of(3, 3, 9, 3), List.of(96, 192, 384, 768), 4, 1e-6, 0, 3, 1000);
    }

    /** This network with another drop path. */
    public ConvNeXtConfig withDropPath(double rate) {
        return new ConvNeXtConfig(kernels, layers, channels, stemSize, layerScale, rate, inputChannels, classes);
    }

    /** This network for other images and classes. */
    public ConvNeXtConfig withData(int newInputChannels, int newClasses) {
        return new ConvNeXtConfig(
                kernels, layers, channels, stemSize, layerScale, dropPath, newInputChannels, newClasses);
    }

    /** The drop path of block {@code block} of a stage: over all blocks of the network from 0 in even steps. */
    double dropPath(int stage, int block) {
        int before =
                layers.subList(0, stage).stream().mapToInt(Integer::intValue).sum();
        int all = layers.stream().mapToInt(Integer::intValue).sum();
        return all == 1 ? 0 : dropPath * (before + block) / (all - 1);
    }
}
