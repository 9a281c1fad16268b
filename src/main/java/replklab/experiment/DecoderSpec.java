package replklab.experiment;

import java.util.List;
import replklab.base.UsageException;
import replklab.model.UperNetConfig;

/**
 * The decoder of dense prediction: a UperNet head on the network's stages.
 *
 * @param stages whose feature maps it takes, from 0, in ascending order; none for the last one of each resolution
 * @param channels its width
 * @param poolScales sides of the grids of its pyramid pooling; none for a feature pyramid without it
 * @param auxiliaryChannels width of the auxiliary head while training, 0 for none
 * @param dropout of channels before the classifiers while training
 */
public record DecoderSpec(
        List<Integer> stages, int channels, List<Integer> poolScales, int auxiliaryChannels, double dropout) {
    public DecoderSpec {
        stages = List.copyOf(stages);
        poolScales = List.copyOf(poolScales);
        if (!stages.equals(stages.stream().distinct().sorted().toList())) {
            throw new UsageException("decoder.stages are " + stages + "; they must ascend, such as [0, 1, 2]");
        }
        new UperNetConfig(channels, poolScales, auxiliaryChannels, dropout, 2); // refuses what cannot be
    }

    /** The head for a number of classes. */
    UperNetConfig config(int classes) {
        return new UperNetConfig(channels, poolScales, auxiliaryChannels, dropout, classes);
    }
}
