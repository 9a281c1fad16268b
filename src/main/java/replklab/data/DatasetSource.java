package replklab.data;

import java.nio.file.Path;

/**
 * One kind of data set that a {@link DatasetSpec} can name.
 *
 * @param resolution height and width of its images; the default where the user may choose
 * @param resizable whether another resolution may be asked for
 * @param ownFolder whether the user names the folder; if not, it is embedded
 * @param opener reads both halves
 */
record DatasetSource(int resolution, boolean resizable, boolean ownFolder, Opener opener) {
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
}
