package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;

class ImageFolderTest {
    private static final int SIZE = 16;

    @TempDir
    private Path root;

    /** Written in an order that is not the sorted one; the red of each image tells it. */
    @BeforeEach
    void write() throws IOException {
        image("train/dog/b.png", 50);
        image("train/dog/a.png", 40);
        image("train/cat/z.png", 30);
        image("train/cat/nested/deep.png", 20);
        image("train/cat/B.png", 10);
        image("val/dog/1.bmp", 70);
        image("val/cat/2.png", 60);
        Files.writeString(root.resolve("train/cat/notes.txt"), "no image");
        Files.writeString(root.resolve("train/cat/.hidden.png"), "no image");
        Files.writeString(root.resolve("train/list.csv"), "no class");
    }

    private void image(String name, int red) throws IOException {
        var image = new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, 20 * 30).forEach(i -> image.setRGB(i % 20, i / 20, red << 16));
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.substring(name.length() - 3), file.toFile());
    }

    @Test
    void sortsClassesAndFilesByName() {
        TrainTest data = ImageFolder.open(root, SIZE);
        assertThat(data.shape()).isEqualTo(new ImageShape(SIZE, SIZE, 3));
        assertThat(data.train().classes()).containsExactly("cat", "dog");
        assertThat(data.train().size()).isEqualTo(5);
        assertThat(IntStream.range(0, 5).map(data.train()::label)).containsExactly(0, 0, 0, 1, 1);
        assertThat(IntStream.range(0, 5).map(i -> red(data.train(), i))).containsExactly(10, 20, 30, 40, 50);
        assertThat(IntStream.range(0, 2).map(i -> red(data.test(), i))).containsExactly(60, 70);
        assertThatThrownBy(() -> data.train().label(5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** A part of a data set, or one that is only evaluated on, says no less. */
    @Test
    void aDataSetTellsHowItsImagesAreResized() {
        ImageDataset data = ImageFolder.open(root, SIZE).train();
        assertThat(data.resize()).isEqualTo(Preprocessing.Resize.CROP);
        assertThat(Subset.balanced(data, "trainExamples", 2, 1).resize()).isEqualTo(Preprocessing.Resize.CROP);
        assertThat(ImageFolder.open(root, Preprocessing.SQUARE_FROM).train().resize())
                .isEqualTo(Preprocessing.Resize.SQUARE);
        assertThat(Datasets.open(DatasetSpec.fashionMnist(), 0).test().resize()).isEqualTo(Preprocessing.Resize.SQUARE);
    }

    private static int red(ImageDataset dataset, int index) {
        float[] image = new float[dataset.shape().values()];
        dataset.read(index, image, 0);
        Normalization normalization = dataset.info().normalization();
        double unit =
                image[0] * normalization.std().getFirst() + normalization.mean().getFirst();
        assertThat(image[1]).isEqualTo(normalization.apply(0, 1), within(1e-5f));
        return (int) Math.round(unit * 255);
    }

    @Test
    void aFolderOfClassesIsEnoughToEvaluateOn() {
        Preprocessing grey =
                new Preprocessing(SIZE, Preprocessing.Resize.SQUARE, new Normalization(List.of(0.25), List.of(0.5)));
        ImageDataset dataset = Datasets.folder(root.resolve("train"), grey);
        assertThat(dataset.classes()).containsExactly("cat", "dog");
        assertThat(dataset.shape()).isEqualTo(new ImageShape(SIZE, SIZE, 1));
        assertThat(dataset.info().normalization()).isEqualTo(grey.normalization());
        float[] image = new float[dataset.shape().values()];
        dataset.read(4, image, 0);
        assertThat(image).containsOnly(grey.normalization().apply(15, 0)); // red 50 is as bright as grey 15
        assertThatThrownBy(() -> Datasets.folder(root.resolve("train/cat/nested"), grey))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("holds no class folders");
    }

    @Test
    void digestFollowsContentsAndNames() throws IOException {
        TrainTest before = ImageFolder.open(root, SIZE);
        assertThat(ImageFolder.open(root, 2 * SIZE).digest()).isEqualTo(before.digest());
        Path file = root.resolve("train/dog/b.png");
        byte[] bytes = Files.readAllBytes(file);
        FileTime time = Files.getLastModifiedTime(file);
        // Exchanged with its twin in another class: all sizes and times stay.
        Files.write(file, Files.readAllBytes(root.resolve("train/cat/z.png")));
        Files.write(root.resolve("train/cat/z.png"), bytes);
        Files.setLastModifiedTime(file, time);
        TrainTest exchanged = ImageFolder.open(root, SIZE);
        assertThat(exchanged.digest()).isNotEqualTo(before.digest());
        assertThat(exchanged.test().info().digest())
                .isEqualTo(before.test().info().digest());
        Files.move(file, root.resolve("train/dog/c.png"));
        assertThat(ImageFolder.open(root, SIZE).digest())
                .isNotEqualTo(before.digest())
                .isNotEqualTo(exchanged.digest());
    }

    @Test
    void trainingCropsStayInsideWithTheAreaAndAspectOfTheRecipe() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            Resampler.Box box = ImageFolder.randomBox(500, 375, random);
            assertThat(box.left()).isBetween(0.0, 500 - box.width());
            assertThat(box.top()).isBetween(0.0, 375 - box.height());
            assertThat(box.width() * box.height() / (500 * 375)).isBetween(0.079, 1.0);
            assertThat(box.width() / box.height()).isBetween(0.74, 1.35);
        }
        Resampler.Box strip = ImageFolder.randomBox(1000, 10, random); // no such crop exists: the centre
        assertThat(strip.width() / strip.height()).isEqualTo(4.0 / 3, within(1e-12));
        assertThat(strip.left() + strip.width() / 2).isEqualTo(500, within(1e-9));
    }

    @Test
    void trainingViewDependsOnTheGeneratorAlone() throws IOException {
        var image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, 1600).forEach(i -> image.setRGB(i % 40, i / 40, i * 7919));
        ImageIO.write(image, "png", root.resolve("train/cat/A.png").toFile());
        ImageDataset train = ImageFolder.open(root, SIZE).train();
        float[] first = new float[train.shape().values()];
        float[] second = first.clone();
        train.readForTraining(0, new SplittableRandom(5), first, 0);
        train.readForTraining(0, new SplittableRandom(5), second, 0);
        assertThat(second).isEqualTo(first);
        train.readForTraining(0, new SplittableRandom(6), second, 0);
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void namesTheClassFolderWithoutImages() throws IOException {
        Path empty = Files.createDirectory(root.resolve("train/bird"));
        Files.writeString(empty.resolve("1.heic"), "not read");
        assertError(
                "class folder " + empty + " holds no images (bmp, gif, jpeg, jpg, pbm, pgm, png, pnm, ppm, tif, tiff,"
                        + " webp); images of formats that are not read: 1 .heic: remove it, if it stands for no class");
    }

    @Test
    void whatSystemsLeaveBehindIsPassedOverAtEveryLevel() throws IOException {
        image("train/.cache/1.png", 1);
        image("train/__MACOSX/1.png", 1);
        image("train/cat/.ipynb_checkpoints/1.png", 1);
        image("train/cat/nested/@eaDir/1.png", 1);
        image("train/cat/nested/._deep.png", 1);
        TrainTest data = ImageFolder.open(root, SIZE);
        assertThat(data.train().size()).isEqualTo(5);
        assertThat(data.notices()).isEmpty();
        Files.writeString(root.resolve("train/cat/1.heic"), "not read");
        Files.writeString(root.resolve("train/dog/2.HEIC"), "not read");
        Files.writeString(root.resolve("train/dog/3.avif"), "not read");
        assertThat(ImageFolder.open(root, SIZE).notices())
                .containsExactly("passed over in " + root.resolve("train")
                        + "; images of formats that are not read: 1 .avif, 2 .heic");
    }

    @Test
    void numbersThatAreNotInTheirOrderAreToldOf(@TempDir Path numbers) throws IOException {
        for (int i = 0; i < 12; i++) {
            image(numbers.resolve("%d/1.png".formatted(i)).toString(), i);
            image(numbers.resolve("padded/%02d/1.png".formatted(i)).toString(), i);
        }
        Preprocessing square = new Preprocessing(SIZE, Preprocessing.Resize.SQUARE, Normalization.IMAGENET);
        assertThat(ImageFolder.openForEvaluation(numbers.resolve("padded"), square)
                        .notices())
                .isEmpty();
        Files.move(numbers.resolve("padded"), root.resolve("padded"));
        assertThat(ImageFolder.openForEvaluation(numbers, square).notices())
                .singleElement()
                .asString()
                .startsWith(
                        "the class folders' numbers are sorted as text: 0, 1, 10, 11, 2, ...; so class 4 is folder 2");
    }

    @Test
    void classesThatAreKnownMayHaveNoFolder() throws IOException {
        Preprocessing square = new Preprocessing(SIZE, Preprocessing.Resize.SQUARE, Normalization.IMAGENET);
        List<String> classes = List.of("zebra", "dog", "ant", "cat", "bee");
        ImageFolder known = ImageFolder.openForEvaluation(root.resolve("train"), classes, square);
        assertThat(known.classes()).isEqualTo(classes);
        assertThat(IntStream.range(0, 5).map(known::label)).containsExactly(1, 1, 3, 3, 3);
        assertThat(IntStream.range(0, 5).map(i -> red(known, i))).containsExactly(40, 50, 10, 20, 30);
        image("train/dgo/1.png", 1);
        assertThatThrownBy(() -> ImageFolder.openForEvaluation(root.resolve("train"), classes, square))
                .isInstanceOf(LabException.class)
                .hasMessage("folder " + root.resolve("train/dgo")
                        + " is of none of the 5 classes that are named; near is dog");
    }

    @Test
    void namesClassesThatOnlyOneHalfHas() throws IOException {
        image("train/bird/1.png", 1);
        image("val/fish/1.png", 1);
        assertError(root + ": its train and val folders differ in their classes"
                + " (only in train: bird; only in val: fish)");
    }

    @Test
    void namesFoldersThatAreMissingOrHoldNoClasses(@TempDir Path other) throws IOException {
        assertThatThrownBy(() -> ImageFolder.open(other.resolve("nowhere"), SIZE))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(other.resolve("nowhere") + " is not a folder");
        assertThatThrownBy(() -> ImageFolder.open(other, SIZE))
                .hasMessageContaining("folder " + other.resolve("train") + " is missing");
        Files.createDirectory(other.resolve("train"));
        assertThatThrownBy(() -> ImageFolder.open(other, SIZE))
                .hasMessageContaining("folder " + other.resolve("train") + " holds no class folders");
    }

    @Test
    void followsLinksAndNamesABrokenOne() throws IOException {
        Path link = root.resolve("val/cat/link.png");
        Files.createSymbolicLink(link, root.resolve("val/cat/2.png"));
        assertThat(ImageFolder.open(root, SIZE).test().size()).isEqualTo(3);
        Files.delete(link);
        Files.createSymbolicLink(link, root.resolve("nowhere.png"));
        assertError("image " + link + " is a broken link or no regular file");
    }

    @Test
    void namesAnImageThatCannotBeRead() throws IOException {
        Path broken = Files.writeString(root.resolve("val/cat/0.png"), "broken");
        ImageDataset test = ImageFolder.open(root, SIZE).test();
        assertThatThrownBy(() -> test.read(0, new float[test.shape().values()], 0))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(broken.toString());
    }

    private void assertError(String message) {
        assertThatThrownBy(() -> ImageFolder.open(root, SIZE))
                .isInstanceOf(LabException.class)
                .hasMessage(message);
    }
}
