package replklab.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import replklab.base.LabHome;
import replklab.base.Options;
import replklab.base.Registry;
import replklab.base.Registry.Found;
import replklab.base.UsageException;
import replklab.base.UserClasses;

/**
 * The data sets that an experiment can name: the library's, those that were registered, and the user's own classes. A new one of the
 * library is an {@link ImageDataset}, or a {@link DenseDataset} if its pixels have labels, and an entry here.
 */
public final class Datasets {
    /** Of an image in a folder: no network takes more, and 800 MB as floats. */
    private static final int LARGEST = 8192;

    private static final Map<String, DatasetSource> SOURCES = Map.of(
            FashionMnist.NAME,
            DatasetSource.embedded(FashionMnist.RESOLUTION, Datasets::garments),
            FashionScenes.NAME,
            DatasetSource.embedded(
                            FashionScenes.RESOLUTION,
                            (spec, home) -> FashionScenes.of(garments(spec, home), spec.resolution()))
                    .between(FashionScenes.SMALLEST, FashionScenes.LARGEST),
            FashionCues.NAME,
            DatasetSource.embedded(FashionCues.RESOLUTION, (spec, home) -> FashionCues.of(garments(spec, home))),
            Cifar10.NAME,
            DatasetSource.embedded(
                            Cifar10.RESOLUTION,
                            (spec, home) -> evaluated(Cifar10.open(home.resolve(spec.path())), spec))
                    .inOwnFolder(),
            ImageFolder.NAME,
            DatasetSource.embedded(
                            ImageFolder.RESOLUTION,
                            (spec, home) ->
                                    evaluated(ImageFolder.open(home.resolve(spec.path()), spec.resolution()), spec))
                    .inOwnFolder()
                    .between(1, LARGEST),
            DenseFolder.NAME,
            DatasetSource.embedded(
                            DenseFolder.RESOLUTION,
                            (spec, home) -> evaluated(
                                    DenseFolder.open(home.resolve(spec.path()), spec.resolution(), spec.labels()),
                                    spec))
                    .inOwnFolder()
                    .between(1, LARGEST)
                    .withPixelLabels());

    private static final Registry<DatasetRequest, TrainTest, DatasetFactory> REGISTRY = new Registry<>(
            "data set", DatasetFactory.class, TrainTest.class, DatasetRequest.class, make -> make::make, own());

    private Datasets() {}

    /** The library's own are opened by what {@link DatasetSpec} says of them. */
    private static Map<String, DatasetFactory> own() {
        Map<String, DatasetFactory> own = new TreeMap<>();
        SOURCES.keySet()
                .forEach(name -> own.put(name, asked -> {
                    throw new IllegalStateException("the library's data sets are opened by their sources");
                }));
        return own;
    }

    /**
     * Gives a data set a name, from a notebook's cell for instance, for as long as the program runs. Finished runs on it count until
     * the name is registered again or the program ends.
     *
     * @throws UsageException if the library has a data set of that name
     */
    public static void register(String name, DatasetFactory data) {
        register(name, "", data);
    }

    /**
     * The same with a version, by which finished runs are known again: change it whenever the code reads other images.
     *
     * @param version such as {@code "2"}
     */
    public static void register(String name, String version, DatasetFactory data) {
        REGISTRY.register(name, version, data);
    }

    /** Whether a name is one of the library's. */
    public static boolean isOwn(String name) {
        return REGISTRY.isOwn(name);
    }

    /**
     * What a name stands for.
     *
     * @param key of the file that has it, for messages
     * @throws UsageException if nothing has it, or a class of that name is no data set
     */
    public static Found<DatasetFactory> require(String key, String name, UserClasses classes) {
        return REGISTRY.require(key, name, classes);
    }

    /** Every name that {@link DatasetSpec} takes, sorted. */
    public static List<String> names() {
        return SOURCES.keySet().stream().sorted().toList();
    }

    /**
     * Opens a data set.
     *
     * @param seed decides which training images a limit keeps; those that are evaluated on are the same for every seed
     * @throws replklab.base.LabException if the data is missing, corrupt or not in the expected format
     * @throws UsageException if a limit is larger than the data set
     */
    public static TrainTest open(DatasetSpec spec, long seed) {
        return open(spec, seed, LabHome.root());
    }

    /**
     * Opens a data set that may be the user's own, to draw the training images of several seeds.
     *
     * @param key of the file that has it, such as {@code "data"}, for messages
     * @param classes where the user's classes lie
     */
    public static DatasetDraws draws(String key, DatasetSpec spec, UserClasses classes) {
        if (spec.options() == null) {
            return draws(spec, LabHome.root());
        }
        Options options = Options.of(key, spec.options());
        Found<DatasetFactory> found = require(key + ".name", spec.name(), classes);
        TrainTest whole = REGISTRY.make(found, new DatasetRequest(options, LabHome.root()), options);
        return new DatasetDraws(evaluated(whole, spec), spec);
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
     * Images whose shape and texture are of different classes.
     *
     * @param evaluated what networks are evaluated on: test or validation images of {@code fashion-cues}
     * @param count how many, balanced over the classes of shapes
     * @throws IllegalArgumentException if the images are no Fashion-Cues
     */
    public static CueConflicts cueConflicts(ImageDataset evaluated, int count) {
        return CueConflicts.of(evaluated, count);
    }

    static TrainTest open(DatasetSpec spec, long seed, Path home) {
        return draws(spec, home).of(seed, spec.trainExamples());
    }

    private static DatasetDraws draws(DatasetSpec spec, Path home) {
        return new DatasetDraws(source(spec.name()).opener().open(spec, home), spec);
    }

    /** Holds out what is to be held out: what is trained on, and what is evaluated on. */
    private static TrainTest evaluated(TrainTest whole, DatasetSpec spec) {
        List<ImageDataset> parts = Subset.heldOut(whole.train(), spec.validationExamples());
        return new TrainTest(parts.getFirst(), spec.evaluateOn() == Split.VALIDATION ? parts.getLast() : whole.test());
    }

    /** Those that scenes and cues are made of, too: a garment that is held out is in no image that is trained on. */
    private static TrainTest garments(DatasetSpec spec, Path home) {
        return evaluated(FashionMnist.open(embedded(home)), spec);
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
