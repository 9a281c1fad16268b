package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;
import replklab.base.UsageException;

/** Folders in ADE20K's form, whose images show their labels: red is 60 times the label. */
class DenseFolderTest {
    private static final int WIDTH = 12;
    private static final int HEIGHT = 10;

    @TempDir
    Path root;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(root.resolve("classes.txt"), "wall\n sky \n\ntree\n");
        for (String half : List.of("training", "validation")) {
            for (int i = 0; i < 3; i++) {
                add(half, "scene" + i, i, BufferedImage.TYPE_BYTE_GRAY);
            }
        }
    }

    /** Left of column 4 the number is 0, then {@code number}, and at the right edge 3. */
    private static int number(int x, int number) {
        return x < 4 ? 0 : x < 11 ? number : 3;
    }

    private void add(String half, String name, int number, int type) throws IOException {
        Path images = Files.createDirectories(root.resolve("images").resolve(half));
        Path annotations = Files.createDirectories(root.resolve("annotations").resolve(half));
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        BufferedImage annotation = type == BufferedImage.TYPE_BYTE_INDEXED
                ? new BufferedImage(WIDTH, HEIGHT, type, palette())
                : new BufferedImage(WIDTH, HEIGHT, type);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, (60 * number(x, number)) << 16);
                annotation.getRaster().setSample(x, y, 0, number(x, number));
            }
        }
        ImageIO.write(image, "png", images.resolve(name + ".png").toFile());
        ImageIO.write(annotation, "png", annotations.resolve(name + ".png").toFile());
    }

    private static IndexColorModel palette() {
        byte[] colors = {10, 20, 30, 40};
        return new IndexColorModel(8, 4, colors, colors, colors);
    }

    private DenseDataset train(PixelLabels meaning, int resolution) {
        return (DenseDataset) DenseFolder.open(root, resolution, meaning).train();
    }

    private static byte[] labels(DenseDataset dataset, int index) {
        byte[] labels = new byte[dataset.shape().pixels()];
        dataset.readLabels(index, labels, 0);
        return labels;
    }

    @Test
    void readsImagesAndTheirLabels() {
        DenseDataset plain = train(new PixelLabels(3, false), 12);
        assertThat(plain.size()).isEqualTo(3);
        assertThat(plain.shape()).isEqualTo(new ImageShape(12, 12, 3));
        assertThat(plain.pixelClasses()).containsExactly("wall", "sky", "tree");
        assertThat(labels(plain, 2)).startsWith(0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, DenseDataset.IGNORED);
        assertThat(plain.label(0)).isZero();
        assertThat(plain.label(2)).isEqualTo(2);
        assertThat(plain.label(2)).isEqualTo(2);
    }

    /** Masks of 0 and 255, as painting programs write them, where 255 is a class to their maker. */
    @Test
    void aClassThatNoPixelHasIsToldOf() throws IOException {
        assertThat(train(new PixelLabels(3, false), 12).notices()).isEmpty();
        Files.writeString(root.resolve("classes.txt"), "wall\nsky\ntree\nlesion\nvessel\n");
        assertThat(train(new PixelLabels(3, false), 12).notices())
                .singleElement()
                .asString()
                .contains("no pixel of 3 annotations", "of the class lesion, vessel");
        assertThat(train(new PixelLabels(9, false), 12).notices())
                .as("every pixel counts: the classes are rare, or only in the other half")
                .isEmpty();
    }

    /** The number of each class is said, in whatever order, and what is neither a class nor left out is refused. */
    @Test
    void numbersThatStandForClasses() throws IOException {
        DenseDataset plain = train(PixelLabels.PLAIN, 12);
        Files.writeString(root.resolve("classes.txt"), "edge\nwall\n");
        add("training", "scene1", 255, BufferedImage.TYPE_BYTE_GRAY);
        DenseDataset masks = train(new PixelLabels(3, null, List.of(255, 0)), 12);
        assertThat(labels(masks, 1)).startsWith(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, DenseDataset.IGNORED);
        assertThat(masks.label(1)).isZero();
        assertThat(masks.info().digest()).isNotEqualTo(plain.info().digest());
        assertThatThrownBy(() -> labels(masks, 2))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("scene2.png has the number 2")
                .hasMessageContaining("labels.values");
        assertThat(new PixelLabels(null, null, List.of(0, 255)).of(255))
                .as("255 is a class")
                .isEqualTo(1);
        assertThat(new PixelLabels(null, null, List.of(0, 1)).of(255)).isEqualTo(DenseDataset.IGNORED);
        assertThat(new PixelLabels(null, null, null)).isEqualTo(PixelLabels.PLAIN);
    }

    @Test
    void numbersThatCannotStandForClassesAreRefused() {
        for (List<?> wrong : List.of(
                List.of(3, false, List.of(0, 3)),
                List.of(3, false, List.of(1, 1)),
                List.of(3, false, List.of(1, 256)),
                List.of(3, true, List.of(1, 2)),
                List.of(-2, false, List.of()))) {
            @SuppressWarnings("unchecked")
            List<Integer> values = (List<Integer>) wrong.get(2);
            assertThatThrownBy(() -> new PixelLabels((Integer) wrong.get(0), (Boolean) wrong.get(1), values))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("labels.");
        }
        assertThatThrownBy(() -> train(new PixelLabels(3, false, List.of(0, 255)), 12))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 for 3 classes (wall, sky, tree)");
    }

    @Test
    void reducesTheZeroLabelAsAde20kDoes() {
        DenseDataset reduced = train(new PixelLabels(255, true), 12);
        assertThat(labels(reduced, 2)).startsWith(255, 255, 255, 255, 1, 1, 1, 1, 1, 1, 1, 2);
        assertThat(labels(reduced, 0)).startsWith(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2);
        assertThat(reduced.label(2)).isEqualTo(1);
        assertThat(reduced.label(0)).isEqualTo(2);
        assertThat(reduced.info().digest())
                .isNotEqualTo(train(new PixelLabels(3, false), 12).info().digest());
    }

    @Test
    void digestFollowsTheContentsOfImagesAndAnnotationsAndTheClasses() throws IOException {
        List<String> digests = new ArrayList<>();
        digests.add(train(PixelLabels.PLAIN, 12).info().digest());
        for (String name :
                new String[] {"images/training/scene1.png", "annotations/training/scene1.png", "classes.txt"}) {
            Path file = root.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 2] ^= 1; // nothing decodes it here
            Files.write(file, bytes);
            digests.add(train(PixelLabels.PLAIN, 12).info().digest());
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void aPaletteIsNumbersToo() throws IOException {
        add("training", "scene1", 2, BufferedImage.TYPE_BYTE_INDEXED);
        assertThat(labels(train(new PixelLabels(3, false), 12), 1))
                .startsWith(0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, DenseDataset.IGNORED);
    }

    /** Whether all pixels next to one have its label, too: at edges bicubic resizing blurs the image, but not the labels. */
    private static boolean isInside(byte[] labels, int side, int pixel) {
        int y = pixel / side;
        int x = pixel % side;
        if ((labels[pixel] & 0xFF) == DenseDataset.IGNORED) {
            return false;
        }
        for (int row = Math.max(0, y - 1); row <= Math.min(side - 1, y + 1); row++) {
            for (int column = Math.max(0, x - 1); column <= Math.min(side - 1, x + 1); column++) {
                if (labels[row * side + column] != labels[pixel]) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void trainingCropsImageAndLabelsAlike() {
        DenseDataset dataset = train(new PixelLabels(3, false), 24);
        float[] image = new float[dataset.shape().values()];
        byte[] labels = new byte[dataset.shape().pixels()];
        SplittableRandom random = new SplittableRandom(1);
        Normalization normalization = dataset.info().normalization();
        int inside = 0;
        for (int round = 0; round < 20; round++) {
            dataset.readForTraining(2, random, image, 0, labels, 0);
            for (int p = 0; p < labels.length; p++) {
                if (isInside(labels, 24, p)) {
                    assertThat((double) normalization.sample(image[3 * p], 0))
                            .as("red at pixel %d of round %d, whose label is %d", p, round, labels[p])
                            .isCloseTo(60.0 * labels[p], within(30.0));
                    inside++;
                }
            }
        }
        assertThat(inside).as("pixels that lie inside their label").isGreaterThan(20 * 24 * 24 / 3);
        float[] plain = new float[image.length];
        dataset.readForTraining(2, new SplittableRandom(9), plain, 0);
        dataset.readForTraining(2, new SplittableRandom(9), image, 0, labels, 0);
        assertThat(plain).isEqualTo(image);
    }

    @Test
    void theUsualNamesOfTheHalvesAndAdesListOfClassesWork() throws IOException {
        Files.move(root.resolve("images/training"), root.resolve("images/train"));
        Files.move(root.resolve("annotations/training"), root.resolve("annotations/train"));
        Files.delete(root.resolve("classes.txt"));
        Files.writeString(
                root.resolve("objectInfo150.txt"),
                "Idx\tRatio\tTrain\tVal\tStuff\tName\n1\t0.1\t5\t1\t1\twall\n2\t0.1\t5\t1\t0\tbuilding, edifice\n");
        assertThat(train(new PixelLabels(3, true), 12).pixelClasses()).containsExactly("wall", "building, edifice");
    }

    @Test
    void messagesNameWhatIsWrong() throws IOException {
        assertThatThrownBy(() -> labels(train(PixelLabels.PLAIN, 12), 1))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("scene1.png has the number 3, which is none of the 3 classes");
        Files.delete(root.resolve("annotations/training/scene1.png"));
        assertThatThrownBy(() -> train(PixelLabels.PLAIN, 12))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("scene1.png lacks its annotation");
        Files.delete(root.resolve("classes.txt"));
        add("training", "scene1", 1, BufferedImage.TYPE_INT_RGB);
        assertThatThrownBy(() -> train(PixelLabels.PLAIN, 12)).hasMessageContaining("lacks classes.txt");
        Files.writeString(root.resolve("classes.txt"), "a\nb\nc\nd\n");
        assertThatThrownBy(() -> labels(train(PixelLabels.PLAIN, 12), 1)).hasMessageContaining("has 3 bands");
        assertThatThrownBy(() -> DenseFolder.open(root.resolve("elsewhere"), 12, PixelLabels.PLAIN))
                .hasMessageContaining("images/training is missing");
        assertThatThrownBy(() -> new PixelLabels(256, false)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> new DatasetSpec("fashion-scenes", null, 0, 0, 0, PixelLabels.PLAIN))
                .isInstanceOf(UsageException.class)
                .hasMessage("labels: data set 'fashion-scenes' has no annotations; leave them out");
        assertThat(new DatasetSpec("dense-folder", "x", 0, 0, 0).labels()).isEqualTo(PixelLabels.PLAIN);
    }
}
