package replklab.data;

import java.nio.file.Path;

/**
 * One kind of data set that a {@link DatasetSpec} can name.
 *
 * @param resolution height and width of its images; the default where the user may choose
 * @param smallest resolution that may be asked for
 * @param largest resolution that may be asked for
 * @param ownFolder whether the user names the folder; if not, it is embedded
 * @param labelled whether its annotations want a {@link PixelLabels}
 * @param opener reads both halves
 */
record DatasetSource(int resolution, int smallest, int largest, boolean ownFolder, boolean labelled, Opener opener) {
    /** Reads the data set that a spec names. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens both halves whole.
         *
         * @param home root of the checkout
         */
        TrainTest open(DatasetSpec spec, Path home);
    }

    /** Embedded images of one size. */
    static DatasetSource embedded(int resolution, Opener opener) {
        return new DatasetSource(resolution, resolution, resolution, false, false, opener);
    }

    /** The same images, in a folder of the user's. */
    DatasetSource inOwnFolder() {
        return new DatasetSource(resolution, smallest, largest, true, labelled, opener);
    }

    /** The same images, in any resolution between two. */
    DatasetSource between(int low, int high) {
        return new DatasetSource(resolution, low, high, ownFolder, labelled, opener);
    }

    /** The same images, with annotations that want a {@link PixelLabels}. */
    DatasetSource withPixelLabels() {
        return new DatasetSource(resolution, smallest, largest, ownFolder, true, opener);
    }

    /** What resolutions may be asked for, in words. */
    String allowed() {
        if (smallest == largest) {
            return "the images' own " + resolution;
        }
        return smallest + " to " + largest;
    }
}
