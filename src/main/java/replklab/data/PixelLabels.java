package replklab.data;

import replklab.base.UsageException;

/**
 * What the numbers in annotation images mean.
 *
 * @param ignore the number of pixels that do not count, 0 to 255
 * @param reduceZeroLabel whether 0 does not count either and all others are by one too high: ADE20K's form, in which 0 is "other"
 *     and classes begin at 1
 */
public record PixelLabels(int ignore, boolean reduceZeroLabel) {
    /** Numbers are classes, and 255 does not count. */
    public static final PixelLabels PLAIN = new PixelLabels(DenseDataset.IGNORED, false);

    public PixelLabels {
        if (ignore < 0 || ignore > 255) {
            throw new UsageException("labels.ignore " + ignore + ": must be 0 to 255");
        }
    }

    /** The class that a number stands for, or {@link DenseDataset#IGNORED}. */
    int of(int number) {
        if (number == ignore || (reduceZeroLabel && number == 0)) {
            return DenseDataset.IGNORED;
        }
        return reduceZeroLabel ? number - 1 : number;
    }
}
