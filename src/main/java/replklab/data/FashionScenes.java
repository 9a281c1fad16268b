package replklab.data;

import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import replklab.base.Digests;

/**
 * Fashion-Scenes: grey images with several garments of Fashion-MNIST at many scales, with clutter, occlusion and texture, drawn
 * from a seed as they are read. An image's class is that of its main garment, the largest one; each pixel is background or
 * of a garment's class. Image i shows Fashion-MNIST's image i of the same half as its main garment, so the classes are
 * balanced, and nothing of the test garments is seen in training. {@code docs/fashion-scenes.md} is its card.
 */
final class FashionScenes implements DenseDataset {
    static final String NAME = "fashion-scenes";
    static final int RESOLUTION = 64;
    static final int SMALLEST = 32;
    static final int LARGEST = 128;

    /** What the pixels are called: the garments' classes follow the background. */
    static final List<String> PIXEL_CLASSES = Stream.concat(Stream.of("background"), FashionMnist.CLASSES.stream())
            .toList();
    /** Over the training images. */
    static final Normalization NORMALIZATION = new Normalization(List.of(0.4362), List.of(0.2527));

    /** Changing it, or how a scene is drawn, makes another data set: the version goes with it. */
    private static final long SEED = 220306717;

    private static final int VERSION = 1;

    private final ImageDataset garments;
    private final ImageShape shape;
    private final DatasetInfo info;

    private FashionScenes(ImageDataset garments, int resolution) {
        this.garments = garments;
        this.shape = new ImageShape(resolution, resolution, 1);
        DatasetInfo parent = garments.info();
        this.info = new DatasetInfo(
                NAME,
                "drawn by seed %d, version %d, from %s".formatted(SEED, VERSION, parent.source()),
                parent.split(),
                DatasetInfo.ALL,
                parent.count(),
                Digests.of("%s %d %d %d %s".formatted(NAME, VERSION, SEED, resolution, parent.digest())),
                NORMALIZATION,
                parent.classes());
    }

    /**
     * Scenes of the garments of both halves.
     *
     * @param garments of Fashion-MNIST
     * @param resolution height and width of the scenes
     */
    static TrainTest of(TrainTest garments, int resolution) {
        return new TrainTest(
                new FashionScenes(garments.train(), resolution), new FashionScenes(garments.test(), resolution));
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int label(int index) {
        return garments.label(index);
    }

    @Override
    public List<String> pixelClasses() {
        return PIXEL_CLASSES;
    }

    @Override
    public void read(int index, float[] into, int offset) {
        Objects.checkFromIndexSize(offset, shape.values(), into.length);
        drawn(index).copyPixels(NORMALIZATION, into, offset);
    }

    @Override
    public void readLabels(int index, byte[] into, int offset) {
        Objects.checkFromIndexSize(offset, shape.pixels(), into.length);
        drawn(index).copyLabels(into, offset);
    }

    @Override
    public void read(int index, float[] image, int offset, byte[] labels, int labelOffset) {
        Objects.checkFromIndexSize(offset, shape.values(), image.length);
        Objects.checkFromIndexSize(labelOffset, shape.pixels(), labels.length);
        SceneCanvas canvas = drawn(index);
        canvas.copyPixels(NORMALIZATION, image, offset);
        canvas.copyLabels(labels, labelOffset);
    }

    private SceneCanvas drawn(int index) {
        Objects.checkIndex(index, size());
        RandomGenerator random =
                Seeds.generator(SEED, Seeds.Purpose.SCENE, info.split().coordinate(), index);
        return new Scene(garments, shape.width(), random).draw(index);
    }
}
