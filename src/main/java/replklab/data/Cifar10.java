package replklab.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import replklab.base.Digests;
import replklab.base.LabException;

/**
 * CIFAR-10's binary version in a folder of the user's own: {@code data_batch_1.bin} to {@code data_batch_5.bin} and
 * {@code test_batch.bin}, each 10,000 records of a label byte and 3 planes of 32x32 bytes (red, green, blue).
 */
final class Cifar10 {
    static final String NAME = "cifar-10";
    static final int RESOLUTION = 32;
    static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    /** Over the training images, as the field uses it. */
    static final Normalization NORMALIZATION =
            new Normalization(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616));

    static final int RECORDS_PER_FILE = 10_000;
    /** The folder that the published archive unpacks to. */
    private static final String ARCHIVE_FOLDER = "cifar-10-batches-bin";

    private static final ImageShape SHAPE = new ImageShape(RESOLUTION, RESOLUTION, 3);
    private static final int RECORD = 1 + SHAPE.values();

    private Cifar10() {}

    static TrainTest open(Path folder) {
        return open(folder, RECORDS_PER_FILE);
    }

    /**
     * Reads both halves from {@code folder} or its {@code cifar-10-batches-bin}.
     *
     * @param recordsPerFile what each file must hold; small in tests
     * @throws LabException if a file is missing, has another size or holds a label above 9
     */
    static TrainTest open(Path folder, int recordsPerFile) {
        Path unpacked = folder.resolve(ARCHIVE_FOLDER);
        Path root = Files.isDirectory(unpacked) ? unpacked : folder;
        List<String> batches = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> "data_batch_" + i + ".bin")
                .toList();
        return new TrainTest(
                read(root, batches, Split.TRAIN, recordsPerFile),
                read(root, List.of("test_batch.bin"), Split.TEST, recordsPerFile));
    }

    private static ImageDataset read(Path root, List<String> files, Split split, int recordsPerFile) {
        int fileSize = recordsPerFile * RECORD;
        byte[] bytes = new byte[files.size() * fileSize];
        byte[] labels = new byte[files.size() * recordsPerFile];
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Path file = root.resolve(files.get(i));
            byte[] content = read(file, fileSize);
            hashes.add(Digests.line(Digests.of(content), files.get(i)));
            System.arraycopy(content, 0, bytes, i * fileSize, fileSize);
            for (int r = 0; r < recordsPerFile; r++) {
                byte label = content[r * RECORD];
                if (label < 0 || label >= CLASSES.size()) {
                    throw new LabException(
                            "%s: record %d has label %d; CIFAR-10's go from 0 to 9".formatted(file, r, label & 0xFF));
                }
                labels[i * recordsPerFile + r] = label;
            }
        }
        var info = new DatasetInfo(
                NAME,
                root.toString(),
                split,
                DatasetInfo.ALL,
                labels.length,
                Digests.of(String.join("", hashes)),
                NORMALIZATION,
                CLASSES);
        return new ByteImages(info, SHAPE, bytes, 1, RECORD, labels);
    }

    private static byte[] read(Path file, int size) {
        if (!Files.isRegularFile(file)) {
            throw new LabException(file + " is missing: cifar-10 wants the folder that holds the binary version's"
                    + " data_batch_1.bin to data_batch_5.bin and test_batch.bin (not the Python version's)");
        }
        try {
            long bytes = Files.size(file);
            if (bytes != size) {
                throw new LabException("%s has %d bytes; a CIFAR-10 file has %d".formatted(file, bytes, size));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new LabException(file + " cannot be read: " + e, e);
        }
    }
}
