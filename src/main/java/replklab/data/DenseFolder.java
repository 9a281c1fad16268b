package replklab.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import replklab.base.Digests;
import replklab.base.LabException;

/**
 * A folder of images with an annotation image each, ADE20K's shape: {@code ROOT/images/training/NAME.jpg} with
 * {@code ROOT/annotations/training/NAME.png}, and {@code validation} in place of {@code training} (or {@code train} and
 * {@code val}). A pixel of an annotation is a class's number; {@link PixelLabels} says which do not count. The classes' names, one a
 * line, are in {@code ROOT/classes.txt}, or in ADE20K's own {@code objectInfo150.txt}.
 *
 * <p>Both are resized to a square, the images bicubically and the annotations to the nearest pixel; training takes a random part,
 * as {@link ImageFolder}. The class of a whole image is the one that most of its pixels have.
 */
final class DenseFolder implements DenseDataset {
    static final String NAME = "dense-folder";
    static final int RESOLUTION = 224;

    private static final byte UNKNOWN = -1;

    /** Annotations, evenly spread, that {@link #notices} are made from: a second's work. */
    private static final int LOOKED_AT = 64;

    private final DenseFolderIndex index;
    private final DatasetInfo info;
    private final Preprocessing preprocessing;
    private final PixelLabels meaning;
    /** Classes of whole images as far as somebody asked; {@link #UNKNOWN} for the others. Writing one twice does no harm. */
    private final byte[] majorities;

    private DenseFolder(DenseFolderIndex index, Split split, int resolution, PixelLabels meaning) {
        this.index = index;
        this.preprocessing = new Preprocessing(resolution, Preprocessing.Resize.SQUARE, Normalization.IMAGENET);
        this.meaning = meaning;
        meaning.requireFor(index.classes());
        this.majorities = new byte[index.size()];
        Arrays.fill(majorities, UNKNOWN);
        this.info = new DatasetInfo(
                NAME,
                index.root().toString(),
                split,
                DatasetInfo.ALL,
                index.size(),
                Digests.of(index.digest() + " " + meaning),
                Normalization.IMAGENET,
                index.classes());
    }

    /**
     * Lists both halves under {@code root}.
     *
     * @throws LabException if a folder or the list of classes is missing, or an image lacks its annotation
     */
    static TrainTest open(Path root, int resolution, PixelLabels meaning) {
        return new TrainTest(
                new DenseFolder(DenseFolderIndex.scan(root, "training", "train"), Split.TRAIN, resolution, meaning),
                new DenseFolder(DenseFolderIndex.scan(root, "validation", "val"), Split.TEST, resolution, meaning));
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public ImageShape shape() {
        return preprocessing.shape();
    }

    @Override
    public List<String> pixelClasses() {
        return index.classes();
    }

    @Override
    public int label(int example) {
        if (majorities[example] == UNKNOWN) {
            majorities[example] = (byte) majority(annotation(example));
        }
        return majorities[example] & 0xFF;
    }

    /** Classes that no annotation seems to have, where pixels that do not count may be theirs: masks of 0 and 255 are common. */
    @Override
    public List<String> notices() {
        int looked = Math.min(LOOKED_AT, index.size());
        boolean[] seen = new boolean[IGNORED + 1];
        for (int i = 0; i < looked; i++) {
            for (byte label :
                    annotation((int) ((long) i * index.size() / looked)).labels()) {
                seen[label & 0xFF] = true;
            }
        }
        List<String> missing = IntStream.range(0, index.classes().size())
                .filter(c -> !seen[c])
                .mapToObj(index.classes()::get)
                .toList();
        return missing.isEmpty() || !seen[IGNORED]
                ? List.of()
                : List.of("no pixel of " + looked + " annotations in " + index.annotations() + " is of the class "
                        + String.join(", ", missing) + ", while some do not count (" + meaning
                        + "). If a number stands for a class that is not its place in classes.txt, as in masks of 0 and 255, say"
                        + " the classes' numbers in their order: labels: {values: [0, 255]}");
    }

    private int majority(LabelImage annotation) {
        int[] counts = new int[index.classes().size()];
        for (byte label : annotation.labels()) {
            if ((label & 0xFF) != IGNORED) {
                counts[label & 0xFF]++;
            }
        }
        int most = 0;
        for (int c = 1; c < counts.length; c++) {
            most = counts[c] > counts[most] ? c : most;
        }
        return most;
    }

    @Override
    public void read(int example, float[] into, int offset) {
        preprocessing.apply(ImageFiles.read(index.image(example)), into, offset);
    }

    @Override
    public void readLabels(int example, byte[] into, int offset) {
        LabelImage annotation = annotation(example);
        annotation.resize(
                new Resampler.Box(0, 0, annotation.width(), annotation.height()),
                preprocessing.resolution(),
                into,
                offset);
    }

    @Override
    public void readForTraining(int example, RandomGenerator random, float[] into, int offset) {
        RgbImage image = ImageFiles.read(index.image(example));
        preprocessing.crop(image, ImageFolder.randomBox(image.width(), image.height(), random), into, offset);
    }

    @Override
    public void readForTraining(
            int example, RandomGenerator random, float[] into, int offset, byte[] labels, int labelOffset) {
        RgbImage image = ImageFiles.read(index.image(example));
        LabelImage annotation = annotation(example);
        if (annotation.width() != image.width() || annotation.height() != image.height()) {
            throw new LabException("annotation %s has %dx%d pixels, its image %dx%d"
                    .formatted(
                            index.annotation(example),
                            annotation.width(),
                            annotation.height(),
                            image.width(),
                            image.height()));
        }
        Resampler.Box box = ImageFolder.randomBox(image.width(), image.height(), random);
        preprocessing.crop(image, box, into, offset);
        annotation.resize(box, preprocessing.resolution(), labels, labelOffset);
    }

    private LabelImage annotation(int example) {
        return LabelImage.read(
                index.annotation(example), meaning, index.classes().size());
    }
}
