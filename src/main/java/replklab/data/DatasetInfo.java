package replklab.data;

import java.util.List;

/**
 * Where the images of a run came from: what a tracker keeps, so that a result can be traced to its data.
 *
 * @param name the data set, such as {@code fashion-mnist}
 * @param source the file or folder that was read
 * @param split which half
 * @param selection {@code all}, or which examples were chosen and how
 * @param count number of examples
 * @param digest SHA-256 in hexadecimal: of what the files that were read hold, and of their names and classes; for a subset,
 *     of its parent's digest and the chosen indices
 * @param normalization mean and standard deviation of each channel, as applied
 * @param classes class names; a label is an index into them
 */
public record DatasetInfo(
        String name,
        String source,
        Split split,
        String selection,
        int count,
        String digest,
        Normalization normalization,
        List<String> classes) {
    /** The selection of a data set that was not cut. */
    public static final String ALL = "all";

    public DatasetInfo {
        classes = List.copyOf(classes);
    }
}
