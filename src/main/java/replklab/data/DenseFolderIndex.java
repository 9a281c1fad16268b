package replklab.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import replklab.base.Digests;
import replklab.base.LabException;

/**
 * The images of one half of a {@link DenseFolder}, in the order of their names, and its classes.
 *
 * @param root of the whole
 * @param images folder of the half's images
 * @param annotations folder of their annotations
 * @param names of the images' files
 * @param classes names of the classes
 * @param digest SHA-256 of the contents and names of both folders' files, and of the classes
 */
record DenseFolderIndex(
        Path root, Path images, Path annotations, List<String> names, List<String> classes, String digest) {
    private static final String NAMES = "classes.txt";
    private static final String ADE_NAMES = "objectInfo150.txt";

    /**
     * Lists a half.
     *
     * @param halves what its folders may be called
     * @throws LabException naming what is missing
     */
    static DenseFolderIndex scan(Path root, String... halves) {
        for (String half : halves) {
            Path images = root.resolve("images").resolve(half);
            if (Files.isDirectory(images)) {
                return scan(root, images, root.resolve("annotations").resolve(half));
            }
        }
        throw new LabException("folder " + root.resolve("images").resolve(halves[0]) + " is missing: data set '"
                + DenseFolder.NAME + "' wants images/" + halves[0] + "/NAME.jpg and annotations/" + halves[0]
                + "/NAME.png");
    }

    private static DenseFolderIndex scan(Path root, Path images, Path annotations) {
        try (Stream<Path> files = Files.list(images)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !ImageFiles.isHidden(name) && ImageFiles.isImage(name))
                    .sorted()
                    .toList();
            if (names.isEmpty()) {
                throw new LabException("folder " + images + " holds no images");
            }
            List<String> labels =
                    names.stream().map(DenseFolderIndex::annotation).toList();
            for (int i = 0; i < names.size(); i++) {
                if (!Files.isRegularFile(annotations.resolve(labels.get(i)))) {
                    throw new LabException("image " + images.resolve(names.get(i)) + " lacks its annotation "
                            + annotations.resolve(labels.get(i)));
                }
            }
            List<String> classes = classes(root);
            ContentDigests contents = ContentDigests.ofCheckout();
            String digest = Digests.of(Digests.line(contents.of(images, names), "images")
                    + Digests.line(contents.of(annotations, labels), "annotations")
                    + String.join("\n", classes));
            return new DenseFolderIndex(root, images, annotations, names, classes, digest);
        } catch (IOException | UncheckedIOException e) {
            throw new LabException("folder " + root + " cannot be listed: " + e, e);
        }
    }

    private static List<String> classes(Path root) throws IOException {
        List<String> classes;
        if (Files.exists(root.resolve(NAMES))) {
            classes = Files.readAllLines(root.resolve(NAMES)).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } else if (Files.exists(root.resolve(ADE_NAMES))) {
            // A heading, then a line a class: number, ratio, images to train, images to validate, stuff, names.
            classes = Files.readAllLines(root.resolve(ADE_NAMES)).stream()
                    .skip(1)
                    .filter(line -> !line.isBlank())
                    .map(line -> line.substring(line.lastIndexOf('\t') + 1).strip())
                    .toList();
        } else {
            throw new LabException(
                    "folder " + root + " lacks " + NAMES + " (or ADE20K's " + ADE_NAMES + "): a class's name a line");
        }
        if (classes.size() < 2 || classes.size() > DenseDataset.IGNORED) {
            throw new LabException("folder " + root + " names " + classes.size() + " classes; allowed are 2 to "
                    + DenseDataset.IGNORED);
        }
        return classes;
    }

    private static String annotation(String image) {
        return image.substring(0, image.lastIndexOf('.')) + ".png";
    }

    int size() {
        return names.size();
    }

    Path image(int index) {
        return images.resolve(names.get(index));
    }

    Path annotation(int index) {
        return annotations.resolve(annotation(names.get(index)));
    }
}
