package replklab.data;

import java.util.Map;
import replklab.base.UsageException;

/**
 * Which data an experiment runs on.
 *
 * @param name {@code fashion-mnist}, {@code fashion-scenes}, {@code fashion-cues}, {@code cifar-10}, {@code folder} (class folders with images) or
 *     {@code dense-folder} (images, and annotations that label every pixel)
 * @param path folder of the user's own data, absolute or relative to the checkout; required for {@code cifar-10} and
 *     the folders, null for embedded data
 * @param resolution height and width in pixels; 0 becomes the data set's own (28, 64, 56, 32; 224 for the folders); the folders take
 *     any other, {@code fashion-scenes} 32 to 128
 * @param trainExamples size of a class-balanced subset to train on, 0 for all
 * @param testExamples size of a class-balanced subset of what is evaluated on, 0 for all
 * @param validationExamples how many training images nobody trains on, class-balanced and the same for every seed; 0 for none
 * @param evaluateOn {@link Split#TEST} or {@link Split#VALIDATION}; left out, validation images where some are held out, else test images
 * @param labels what the annotations' numbers mean; only {@code dense-folder} has them, {@link PixelLabels#PLAIN} by default
 * @param options of a data set of the user's own, path and resolution among them if it has such; null for the library's
 */
public record DatasetSpec(
        String name,
        String path,
        int resolution,
        int trainExamples,
        int testExamples,
        int validationExamples,
        Split evaluateOn,
        PixelLabels labels,
        Map<String, Object> options) {
    public DatasetSpec {
        requireLimit("trainExamples", trainExamples);
        requireLimit("testExamples", testExamples);
        if (validationExamples < 0) {
            throw new UsageException(
                    "validationExamples " + validationExamples + ": must be positive, or 0 to hold none out");
        }
        evaluateOn = evaluateOn != null ? evaluateOn : validationExamples > 0 ? Split.VALIDATION : Split.TEST;
        if (evaluateOn == Split.TRAIN) {
            throw new UsageException("evaluateOn is train; it must be test or validation");
        }
        if (evaluateOn == Split.VALIDATION && validationExamples == 0) {
            throw new UsageException(
                    "evaluateOn is validation, but no images are held out; say how many, such as validationExamples: 10000");
        }
        if (options == null) {
            DatasetSource source = Datasets.source(name);
            check(source, name, path, resolution, labels);
            labels = labels == null && source.labelled() ? PixelLabels.PLAIN : labels;
            resolution = resolution == 0 ? source.resolution() : resolution;
        } else if (Datasets.isOwn(name)) {
            throw new UsageException(
                    "options: data set '" + name + "' is the library's, whose keys stand beside its name");
        }
    }

    private static void check(DatasetSource source, String name, String path, int resolution, PixelLabels labels) {
        boolean named = path != null && !path.isBlank();
        if (source.ownFolder() && !named) {
            throw new UsageException("data set '" + name + "' needs a path: the folder that holds it");
        }
        if (!source.ownFolder() && named) {
            throw new UsageException("path '" + path + "': data set '" + name + "' is embedded and takes none");
        }
        if (resolution != 0 && (resolution < source.smallest() || resolution > source.largest())) {
            throw new UsageException("resolution %d: must be %s, or 0 for the default of %d; data set '%s'"
                    .formatted(resolution, source.allowed(), source.resolution(), name));
        }
        if (labels != null && !source.labelled()) {
            throw new UsageException("labels: data set '" + name + "' has no annotations; leave them out");
        }
    }

    /** Data of the library's. */
    public DatasetSpec(
            String name, String path, int resolution, int trainExamples, int testExamples, PixelLabels labels) {
        this(name, path, resolution, trainExamples, testExamples, 0, null, labels, null);
    }

    /** Data without annotation files, or whose annotations have the plain numbers. */
    public DatasetSpec(String name, String path, int resolution, int trainExamples, int testExamples) {
        this(name, path, resolution, trainExamples, testExamples, null);
    }

    /** The embedded default, whole. */
    public static DatasetSpec fashionMnist() {
        return new DatasetSpec(FashionMnist.NAME, null, 0, 0, 0);
    }

    /**
     * Fashion-Scenes, whole.
     *
     * @param resolution 32 to 128 pixels, or 0 for 64
     */
    public static DatasetSpec fashionScenes(int resolution) {
        return new DatasetSpec(FashionScenes.NAME, null, resolution, 0, 0);
    }

    /** The same data with other limits; 0 takes all. */
    public DatasetSpec withExamples(int train, int test) {
        return new DatasetSpec(name, path, resolution, train, test, validationExamples, evaluateOn, labels, options);
    }

    /**
     * The same data with images held out from training.
     *
     * @param held how many, 0 for none
     * @param on what is evaluated on; null for these, if there are any
     */
    public DatasetSpec withValidation(int held, Split on) {
        return new DatasetSpec(name, path, resolution, trainExamples, testExamples, held, on, labels, options);
    }

    private static void requireLimit(String field, int value) {
        if (value < 0) {
            throw new UsageException(field + " " + value + ": must be positive, or 0 for all");
        }
    }
}
