package replklab.data;

import replklab.base.UsageException;

/**
 * Which data an experiment runs on.
 *
 * @param name {@code fashion-mnist}, {@code fashion-cues}, {@code cifar-10} or {@code folder} (class folders with images)
 * @param path folder of the user's own data, absolute or relative to the checkout; required for {@code cifar-10} and
 *     {@code folder}, null for embedded data
 * @param resolution height and width in pixels; 0 becomes the data set's own (28, 56, 32; 224 for {@code folder}), and only
 *     {@code folder} takes another
 * @param trainExamples size of a class-balanced subset to train on, 0 for all
 * @param testExamples size of a class-balanced subset to test on, 0 for all
 */
public record DatasetSpec(String name, String path, int resolution, int trainExamples, int testExamples) {
    public DatasetSpec {
        DatasetSource source = Datasets.source(name);
        boolean named = path != null && !path.isBlank();
        if (source.ownFolder() && !named) {
            throw new UsageException("data set '" + name + "' needs a path: the folder that holds it");
        }
        if (!source.ownFolder() && named) {
            throw new UsageException("path '" + path + "': data set '" + name + "' is embedded and takes none");
        }
        if (resolution < 0 || (!source.resizable() && resolution != 0 && resolution != source.resolution())) {
            throw new UsageException("resolution %d: must be %s, or 0 for the default of %d; data set '%s'"
                    .formatted(
                            resolution,
                            source.resizable() ? "positive" : "the images' own " + source.resolution(),
                            source.resolution(),
                            name));
        }
        resolution = resolution == 0 ? source.resolution() : resolution;
        requireLimit("trainExamples", trainExamples);
        requireLimit("testExamples", testExamples);
    }

    /** The embedded default, whole. */
    public static DatasetSpec fashionMnist() {
        return new DatasetSpec(FashionMnist.NAME, null, 0, 0, 0);
    }

    /** The same data with other limits; 0 takes all. */
    public DatasetSpec withExamples(int train, int test) {
        return new DatasetSpec(name, path, resolution, train, test);
    }

    private static void requireLimit(String field, int value) {
        if (value < 0) {
            throw new UsageException(field + " " + value + ": must be positive, or 0 for all");
        }
    }
}
