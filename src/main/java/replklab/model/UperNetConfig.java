package replklab.model;

import java.util.List;
import replklab.base.UsageException;

/**
 * A UperNet head (Xiao et al. 2018, "Unified Perceptual Parsing").
 *
 * @param channels width of the head, 512 in the paper
 * @param poolScales sides of the grids of the pyramid pooling, at least 1 each; 1, 2, 3 and 6 in the paper; none for a head that
 *     is a feature pyramid alone
 * @param auxiliaryChannels width of the auxiliary head on the second coarsest map while training, 256 in the paper; 0 for none
 * @param dropout probability that a channel before a classifier is left out for an image while training, 0 to below 1
 * @param classes number of classes, at least 2
 */
public record UperNetConfig(
        int channels, List<Integer> poolScales, int auxiliaryChannels, double dropout, int classes) {
    public UperNetConfig {
        UsageException.requireAtLeast("channels of UperNet", channels, 1);
        poolScales = List.copyOf(poolScales);
        poolScales.forEach(scale -> UsageException.requireAtLeast("poolScales of UperNet", scale, 1));
        UsageException.requireAtLeast("auxiliaryChannels of UperNet", auxiliaryChannels, 0);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new UsageException("dropout of UperNet is " + dropout + "; allowed is 0 up to, not including, 1");
        }
        UsageException.requireAtLeast("classes of UperNet", classes, 2);
    }

    /** The paper's: 512 channels, an auxiliary head of 256, dropout 0.1. */
    public static UperNetConfig paper(int classes) {
        return new UperNetConfig(512, List.of(1, 2, 3, 6), 256, 0.1, classes);
    }

    /** This head of another width, and an auxiliary one of half of it. */
    public UperNetConfig withChannels(int width) {
        return new UperNetConfig(width, poolScales, Math.ceilDiv(width, 2), dropout, classes);
    }

    /** This head without the auxiliary one, which only training needs and the paper does not count. */
    public UperNetConfig withoutAuxiliary() {
        return new UperNetConfig(channels, poolScales, 0, dropout, classes);
    }
}
