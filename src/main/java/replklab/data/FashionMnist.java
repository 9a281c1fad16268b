package replklab.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import replklab.base.Digests;
import replklab.base.LabException;

/**
 * Fashion-MNIST (Xiao et al., arXiv:1708.07747): 60,000 and 10,000 grey images of 28x28 pixels in ten classes, embedded in
 * {@code data/fashion-mnist}. Its four files are checked against their SHA-256 before anything in them is believed.
 */
final class FashionMnist {
    static final String NAME = "fashion-mnist";
    static final int RESOLUTION = 28;
    static final List<String> CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");
    /** Over the training images. */
    static final Normalization NORMALIZATION = new Normalization(List.of(0.2860), List.of(0.3530));

    private record Source(String file, String sha256) {}

    private static final Source TRAIN_IMAGES = new Source(
            "train-images-idx3-ubyte.gz", "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7");
    private static final Source TRAIN_LABELS = new Source(
            "train-labels-idx1-ubyte.gz", "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056");
    private static final Source TEST_IMAGES =
            new Source("t10k-images-idx3-ubyte.gz", "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa");
    private static final Source TEST_LABELS =
            new Source("t10k-labels-idx1-ubyte.gz", "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05");

    private FashionMnist() {}

    static TrainTest open(Path folder) {
        return new TrainTest(open(folder, Split.TRAIN), open(folder, Split.TEST));
    }

    /**
     * Reads one half.
     *
     * @throws LabException if a file is missing or is not the published one: names it, its hash and the way back
     */
    static ImageDataset open(Path folder, Split split) {
        Source imageSource = split == Split.TRAIN ? TRAIN_IMAGES : TEST_IMAGES;
        Source labelSource = split == Split.TRAIN ? TRAIN_LABELS : TEST_LABELS;
        Idx labels = read(folder, labelSource, 1);
        Idx images = read(folder, imageSource, 3);
        var shape = new ImageShape(images.dimensions()[1], images.dimensions()[2], 1);
        var info = new DatasetInfo(
                NAME,
                "data/fashion-mnist/" + imageSource.file(),
                split,
                DatasetInfo.ALL,
                images.dimensions()[0],
                Digests.of(Digests.line(imageSource.sha256(), imageSource.file())
                        + Digests.line(labelSource.sha256(), labelSource.file())),
                NORMALIZATION,
                CLASSES);
        return new ByteImages(info, shape, images.bytes(), 0, shape.pixels(), labels.bytes());
    }

    private static Idx read(Path folder, Source source, int rank) {
        Path file = folder.resolve(source.file());
        byte[] gzipped;
        try {
            gzipped = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw damaged(file, source, "is missing", e);
        } catch (IOException e) {
            throw damaged(file, source, "cannot be read (" + e + ")", e);
        }
        String found = Digests.of(gzipped);
        if (!found.equals(source.sha256())) {
            throw damaged(file, source, "is corrupt: its SHA-256 is " + found, null);
        }
        return Idx.parse(file, gzipped, rank);
    }

    private static LabException damaged(Path file, Source source, String what, Throwable cause) {
        return new LabException(
                "%s %s; expected SHA-256 %s. Restore it with: git -C %s checkout -- %s"
                        .formatted(
                                file,
                                what,
                                source.sha256(),
                                file.toAbsolutePath().getParent(),
                                source.file()),
                cause);
    }
}
