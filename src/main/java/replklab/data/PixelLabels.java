package replklab.data;

import java.util.HashSet;
import java.util.List;
import replklab.base.UsageException;

/**
 * What the numbers in annotation images mean.
 *
 * @param ignore the number of pixels that do not count, 0 to 255; -1 for none. Left out, it is 255, unless that is a class
 * @param reduceZeroLabel whether 0 does not count either and all others are by one too high: ADE20K's form, in which 0 is "other"
 *     and classes begin at 1; no by default
 * @param values the number that stands for each class, in the classes' order, where it is not the class's place: 0 and 255 in masks
 *     as painting programs write them; none by default
 */
public record PixelLabels(Integer ignore, Boolean reduceZeroLabel, List<Integer> values) {
    /** Numbers are classes, and 255 does not count. */
    public static final PixelLabels PLAIN = new PixelLabels(DenseDataset.IGNORED, false);

    private static final int NONE = -1;
    private static final int LARGEST = 255;

    public PixelLabels {
        values = values == null ? List.of() : List.copyOf(values);
        reduceZeroLabel = reduceZeroLabel != null && reduceZeroLabel;
        ignore = ignore != null ? ignore : values.contains(DenseDataset.IGNORED) ? NONE : DenseDataset.IGNORED;
        if (ignore < NONE || ignore > LARGEST) {
            throw new UsageException("labels.ignore " + ignore + ": must be 0 to 255, or -1 for no number");
        }
        if (new HashSet<>(values).size() < values.size()
                || values.stream().anyMatch(value -> value < 0 || value > LARGEST)) {
            throw new UsageException("labels.values " + values + ": must be different numbers, 0 to 255");
        }
        if (values.contains(ignore)) {
            throw new UsageException(
                    "labels.values " + values + " and labels.ignore " + ignore + ": a class's pixels count");
        }
        if (reduceZeroLabel && !values.isEmpty()) {
            throw new UsageException("labels.values and labels.reduceZeroLabel exclude each other");
        }
    }

    /** The number of a class is its place. */
    public PixelLabels(int ignore, boolean reduceZeroLabel) {
        this(ignore, reduceZeroLabel, List.of());
    }

    /** Throws unless each class has its number. */
    void requireFor(List<String> classes) {
        if (!values.isEmpty() && values.size() != classes.size()) {
            throw new UsageException("labels.values " + values + " are " + values.size() + " for " + classes.size()
                    + " classes (" + String.join(", ", classes) + "): one for each is needed");
        }
    }

    /** The class that a number stands for, {@link DenseDataset#IGNORED}, or another number that is no class. */
    int of(int number) {
        if (number == ignore || (reduceZeroLabel && number == 0)) {
            return DenseDataset.IGNORED;
        }
        if (!values.isEmpty()) {
            int place = values.indexOf(number);
            return place < 0 ? Integer.MAX_VALUE : place;
        }
        return reduceZeroLabel ? number - 1 : number;
    }
}
