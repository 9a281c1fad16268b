package replklab.data;

import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import replklab.base.Digests;

/**
 * Fashion-Cues: outlines of Fashion-MNIST's garments, filled with stripes whose direction belongs to a class. In the data set
 * itself shape and texture are of one class, the label; in {@link CueConflicts} they are of two. Image i has the outline of
 * Fashion-MNIST's image i of the same half. {@code docs/fashion-cues.md} is its card.
 */
final class FashionCues implements ImageDataset {
    static final String NAME = "fashion-cues";
    static final int RESOLUTION = 56;
    /** Over the training images. */
    static final Normalization NORMALIZATION = new Normalization(List.of(0.3669), List.of(0.1973));

    /** Changing it, or how an image is drawn, makes another data set: the version goes with it. */
    private static final long SEED = 220306717;

    private static final int VERSION = 1;

    /** A garment's side on the image, as a multiple of its own 28 pixels. */
    private static final double SMALLEST = 1.4;

    private static final double LARGEST = 2;
    /** How bright a garment's pixel is at least, 0 to 1; the background of Fashion-MNIST is 0. */
    private static final double OUTLINE = 0.08;

    private static final double BACKGROUND = 0.3;
    private static final double CLOTH = 0.5;
    private static final double STRIPES = 0.25;
    /** The noise that lies over everything reaches this far up and down. */
    private static final double NOISE = 0.25;

    private final ImageDataset garments;
    private final IntUnaryOperator textures;
    private final DatasetInfo info;

    /**
     * @param garments images of Fashion-MNIST
     * @param textures the class of each image's texture
     * @param selection what is told of the textures
     */
    FashionCues(ImageDataset garments, IntUnaryOperator textures, String selection) {
        this.garments = garments;
        this.textures = textures;
        DatasetInfo parent = garments.info();
        this.info = new DatasetInfo(
                NAME,
                "drawn by seed %d, version %d, from %s".formatted(SEED, VERSION, parent.source()),
                parent.split(),
                selection,
                parent.count(),
                Digests.of("%s %d %d %s %s".formatted(NAME, VERSION, SEED, selection, parent.digest())),
                NORMALIZATION,
                parent.classes());
    }

    /** Both halves, each garment in its own class's texture. */
    static TrainTest of(TrainTest garments) {
        return new TrainTest(agreeing(garments.train()), agreeing(garments.test()));
    }

    private static ImageDataset agreeing(ImageDataset garments) {
        return new FashionCues(garments, garments::label, DatasetInfo.ALL);
    }

    /** What its shapes are of. */
    ImageDataset garments() {
        return garments;
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public ImageShape shape() {
        return new ImageShape(RESOLUTION, RESOLUTION, 1);
    }

    /** The class of the shape. */
    @Override
    public int label(int index) {
        return garments.label(index);
    }

    @Override
    public void read(int index, float[] into, int offset) {
        Objects.checkFromIndexSize(offset, RESOLUTION * RESOLUTION, into.length);
        RandomGenerator random =
                Seeds.generator(SEED, Seeds.Purpose.CUES, info.split().coordinate(), index);
        Outline outline = new Outline(garments, index, random);
        Weave weave = new Weave(textures.applyAsInt(index), classes().size(), RESOLUTION, random);
        int at = offset;
        for (int y = 0; y < RESOLUTION; y++) {
            for (int x = 0; x < RESOLUTION; x++) {
                double cloth = CLOTH + STRIPES * weave.at(x, y);
                double share = outline.at(x, y);
                double noise = NOISE * (2 * random.nextDouble() - 1);
                double value = Math.clamp(BACKGROUND + share * (cloth - BACKGROUND) + noise, 0.0, 1.0);
                into[at++] = NORMALIZATION.apply((float) (255 * value), 0);
            }
        }
    }

    /** Where on the image a garment lies: its outline, at a random size and place, without what is inside. */
    private static final class Outline {
        private final float[] garment;
        private final int side;
        private final Normalization normalization;
        private final double scale;
        private final double left;
        private final double top;

        Outline(ImageDataset garments, int index, RandomGenerator random) {
            side = garments.shape().width();
            garment = new float[side * side];
            garments.read(index, garment, 0);
            normalization = garments.info().normalization();
            scale = random.nextDouble(SMALLEST, LARGEST);
            double room = RESOLUTION - scale * side;
            left = room * random.nextDouble();
            top = room * random.nextDouble();
        }

        /** The garment's share of a pixel, 0 to 1, soft at the edge. */
        double at(int x, int y) {
            double u = (x + 0.5 - left) / scale - 0.5;
            double v = (y + 0.5 - top) / scale - 0.5;
            int column = (int) Math.floor(u);
            int row = (int) Math.floor(v);
            double right = u - column;
            double down = v - row;
            return (1 - down) * ((1 - right) * covered(column, row) + right * covered(column + 1, row))
                    + down * ((1 - right) * covered(column, row + 1) + right * covered(column + 1, row + 1));
        }

        private double covered(int column, int row) {
            if (column < 0 || row < 0 || column >= side || row >= side) {
                return 0;
            }
            double brightness =
                    garment[row * side + column] * normalization.std().getFirst()
                            + normalization.mean().getFirst();
            return brightness >= OUTLINE ? 1 : 0;
        }
    }
}
