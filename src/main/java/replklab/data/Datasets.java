package replklab.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import replklab.base.LabHome;
import replklab.base.UsageException;

/**
 * The data sets that an experiment can name. A new one is an {@link ImageDataset}, or a {@link DenseDataset} if its pixels have
 * labels, and an entry here.
 */
public final class Datasets {
    /** Of an image in a folder: no network takes more, and 800 MB as floats. */
    private static final int LARGEST = 8192;

    private static final Map<String, DatasetSource> SOURCES = Map.of(
            FashionMnist.NAME,
            DatasetSource.embedded(FashionMnist.RESOLUTION, (spec, home) -> FashionMnist.open(embedded(home))),
            FashionScenes.NAME,
            DatasetSource.embedded(
                            FashionScenes.RESOLUTION,
                            (spec, home) -> FashionScenes.open(embedded(home), spec.resolution()))
                    .between(FashionScenes.SMALLEST, FashionScenes.LARGEST),
            FashionCues.NAME,
            DatasetSource.embedded(FashionCues.RESOLUTION, (spec, home) -> FashionCues.open(embedded(home))),
            Cifar10.NAME,
            DatasetSource.embedded(Cifar10.RESOLUTION, (spec, home) -> Cifar10.open(home.resolve(spec.path())))
                    .inOwnFolder(),
            ImageFolder.NAME,
            DatasetSource.embedded(
                            ImageFolder.RESOLUTION,
                            (spec, home) -> ImageFolder.open(home.resolve(spec.path()), spec.resolution()))
                    .inOwnFolder()
                    .between(1, LARGEST),
            DenseFolder.NAME,
            DatasetSource.embedded(
                            DenseFolder.RESOLUTION,
                            (spec, home) ->
                                    DenseFolder.open(home.resolve(spec.path()), spec.resolution(), spec.labels()))
                    .inOwnFolder()
                    .between(1, LARGEST)
                    .withPixelLabels());

    private Datasets() {}

    /** Every name that {@link DatasetSpec} takes, sorted. */
    public static List<String> names() {
        return SOURCES.keySet().stream().sorted().toList();
    }

    /**
     * Opens a data set.
     *
     * @param seed decides which examples a limit keeps; give the runs that are compared the same one
     * @throws replklab.base.LabException if the data is missing, corrupt or not in the expected format
     * @throws UsageException if a limit is larger than the data set
     */
    public static TrainTest open(DatasetSpec spec, long seed) {
        return open(spec, seed, LabHome.root());
    }

    /**
     * The digest of a data set as it lies on disk, whole: {@link TrainTest#digest} before any examples are chosen, without looking at a
     * label.
     *
     * @throws replklab.base.LabException as {@link #open}
     */
    public static String digest(DatasetSpec spec) {
        return source(spec.name()).opener().open(spec, LabHome.root()).digest();
    }

    /**
     * A folder of class folders with images ({@code FOLDER/CLASS/IMAGE}), to evaluate on. Labels follow the sorted names
     * of the class folders; files are decoded as they are read.
     *
     * @throws replklab.base.LabException if the folder is missing, has no class folders, or one of them has no images
     */
    public static ImageDataset folder(Path root, Preprocessing preprocessing) {
        return ImageFolder.openForEvaluation(root, preprocessing);
    }

    /**
     * The same for classes that are known, such as those that a network's outputs stand for: labels are places in the list, and there may be
     * folders of a part of the classes.
     *
     * @throws replklab.base.LabException also if a folder is of none of the classes
     */
    public static ImageDataset folder(Path root, List<String> classes, Preprocessing preprocessing) {
        return ImageFolder.openForEvaluation(root, List.copyOf(classes), preprocessing);
    }

    /**
     * Images of {@code fashion-cues} whose shape and texture are of different classes, from its test half.
     *
     * @param count how many, balanced over the classes of shapes
     */
    public static CueConflicts cueConflicts(int count) {
        return CueConflicts.open(embedded(LabHome.root()), count);
    }

    static TrainTest open(DatasetSpec spec, long seed, Path home) {
        TrainTest whole = source(spec.name()).opener().open(spec, home);
        return new TrainTest(
                Subset.balanced(whole.train(), spec.trainExamples(), seed),
                Subset.balanced(whole.test(), spec.testExamples(), seed));
    }

    private static Path embedded(Path home) {
        return home.resolve("data").resolve("fashion-mnist");
    }

    static DatasetSource source(String name) {
        DatasetSource source = name == null ? null : SOURCES.get(name);
        if (source == null) {
            throw UsageException.unknown("data set", name, SOURCES.keySet());
        }
        return source;
    }
}
