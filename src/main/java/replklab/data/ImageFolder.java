package replklab.data;

import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import replklab.base.LabException;

/**
 * A folder of class folders with images, ImageNet's shape: {@code ROOT/train/CLASS/...} and {@code ROOT/val/CLASS/...}.
 * Classes and files are sorted by name; files are decoded as they are read.
 *
 * <p>Evaluation is the authors' ({@link Preprocessing}); training takes a random part of 8 to 100 % of the area with an
 * aspect ratio of 3/4 to 4/3 and resizes it. Both are bicubic ({@link Resampler}). Normalisation is ImageNet's, unless a
 * folder is only evaluated on.
 */
final class ImageFolder implements ImageDataset {
    static final String NAME = "folder";
    static final int RESOLUTION = 224;

    private static final double MIN_AREA = 0.08;
    private static final double MAX_ASPECT = 4.0 / 3;
    private static final int CROP_ATTEMPTS = 10;

    private final ImageFolderIndex index;
    private final DatasetInfo info;
    private final Preprocessing preprocessing;

    private ImageFolder(ImageFolderIndex index, Split split, Preprocessing preprocessing) {
        this.index = index;
        this.preprocessing = preprocessing;
        this.info = new DatasetInfo(
                NAME,
                index.root().toString(),
                split,
                DatasetInfo.ALL,
                index.size(),
                index.digest(),
                preprocessing.normalization(),
                index.classes());
    }

    /**
     * Lists both halves under {@code root}.
     *
     * @throws LabException if a folder is missing, has no class folders, a class folder has no images, or the halves
     *     differ in their classes
     */
    static TrainTest open(Path root, int resolution) {
        if (!root.toFile().isDirectory()) {
            throw new LabException(
                    root + " is not a folder: data set 'folder' wants one with train/CLASS/ and val/CLASS/");
        }
        ImageFolderIndex train = ImageFolderIndex.scan(root.resolve("train"));
        ImageFolderIndex test = ImageFolderIndex.scan(root.resolve("val"));
        if (!train.classes().equals(test.classes())) {
            throw new LabException(
                    "%s: its train and val folders differ in their classes (only in train: %s; only in val: %s)"
                            .formatted(root, only(train, test), only(test, train)));
        }
        Preprocessing preprocessing = Preprocessing.evaluation(resolution, Normalization.IMAGENET);
        return new TrainTest(
                new ImageFolder(train, Split.TRAIN, preprocessing), new ImageFolder(test, Split.TEST, preprocessing));
    }

    /**
     * Lists the class folders right under {@code root}, to evaluate on.
     *
     * @throws LabException if the folder is missing, has no class folders, or a class folder has no images
     */
    static ImageFolder openForEvaluation(Path root, Preprocessing preprocessing) {
        return new ImageFolder(ImageFolderIndex.scan(root), Split.TEST, preprocessing);
    }

    /** The same for classes that are known, of which there may be folders of a part. */
    static ImageFolder openForEvaluation(Path root, List<String> classes, Preprocessing preprocessing) {
        return new ImageFolder(ImageFolderIndex.scan(root, classes), Split.TEST, preprocessing);
    }

    private static String only(ImageFolderIndex in, ImageFolderIndex out) {
        List<String> names = in.classes().stream()
                .filter(name -> !out.classes().contains(name))
                .toList();
        if (names.size() > 5) {
            return String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
        }
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public List<String> notices() {
        return index.notices();
    }

    @Override
    public ImageShape shape() {
        return preprocessing.shape();
    }

    @Override
    public Preprocessing.Resize resize() {
        return preprocessing.resize();
    }

    @Override
    public int label(int example) {
        return index.label(example);
    }

    @Override
    public void read(int example, float[] into, int offset) {
        preprocessing.apply(ImageFiles.read(index.file(example)), into, offset);
    }

    @Override
    public void readForTraining(int example, RandomGenerator random, float[] into, int offset) {
        RgbImage image = ImageFiles.read(index.file(example));
        preprocessing.crop(image, randomBox(image.width(), image.height(), random), into, offset);
    }

    /** Inception's crop (Szegedy et al., 2015); after ten misses the largest centred one of an allowed aspect ratio. */
    static Resampler.Box randomBox(int width, int height, RandomGenerator random) {
        double bound = Math.log(MAX_ASPECT);
        for (int attempt = 0; attempt < CROP_ATTEMPTS; attempt++) {
            double area = random.nextDouble(MIN_AREA, 1) * width * height;
            double aspect = Math.exp(random.nextDouble(-bound, bound));
            int w = (int) Math.round(Math.sqrt(area * aspect));
            int h = (int) Math.round(Math.sqrt(area / aspect));
            if (w >= 1 && w <= width && h >= 1 && h <= height) {
                return new Resampler.Box(random.nextInt(width - w + 1), random.nextInt(height - h + 1), w, h);
            }
        }
        double w = Math.min(width, height * MAX_ASPECT);
        double h = Math.min(height, width * MAX_ASPECT);
        return new Resampler.Box((width - w) / 2, (height - h) / 2, w, h);
    }
}
