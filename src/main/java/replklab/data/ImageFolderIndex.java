package replklab.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import replklab.base.LabException;

/**
 * The images under a folder of class folders, in the order of their names. Only names are kept, about a hundred bytes an
 * image; hidden files and files that are no images are passed over, folders inside a class folder are entered.
 */
final class ImageFolderIndex {
    private final Path root;
    private final List<String> classes;
    /** Index of each class's first image, and at the end the number of images. */
    private final int[] firsts;
    /** Names relative to their class folder, parts separated by '/'. */
    private final String[] names;

    private final String digest;

    private ImageFolderIndex(Path root, List<String> classes, int[] firsts, String[] names, String digest) {
        this.root = root;
        this.classes = classes;
        this.firsts = firsts;
        this.names = names;
        this.digest = digest;
    }

    /**
     * Lists the folder.
     *
     * @throws LabException naming the folder that is missing, has no class folders or no images
     */
    static ImageFolderIndex scan(Path root) {
        List<String> classes = classFolders(root);
        int[] firsts = new int[classes.size() + 1];
        List<String> names = new ArrayList<>();
        ContentDigests contents = ContentDigests.ofCheckout();
        StringBuilder digests = new StringBuilder();
        for (int c = 0; c < classes.size(); c++) {
            Path folder = root.resolve(classes.get(c));
            List<String> images = images(folder);
            if (images.isEmpty()) {
                throw new LabException("class folder " + folder + " holds no images ("
                        + String.join(
                                ", ", ImageFiles.EXTENSIONS.stream().sorted().toList()) + ")");
            }
            names.addAll(images);
            digests.append(Digests.line(contents.of(folder, images), classes.get(c)));
            firsts[c + 1] = names.size();
        }
        return new ImageFolderIndex(
                root, classes, firsts, names.toArray(String[]::new), Digests.of(digests.toString()));
    }

    private static List<String> classFolders(Path root) {
        if (!Files.isDirectory(root)) {
            throw new LabException("folder " + root + " is missing: expected class folders with images in it");
        }
        try (Stream<Path> children = Files.list(root)) {
            List<String> folders = children.filter(Files::isDirectory)
                    .map(child -> child.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
            if (folders.isEmpty()) {
                throw new LabException(
                        "folder " + root + " holds no class folders: expected " + root.getFileName() + "/CLASS/IMAGE");
            }
            return folders;
        } catch (IOException | UncheckedIOException e) {
            throw new LabException("folder " + root + " cannot be listed: " + e, e);
        }
    }

    /** Relative names, sorted. */
    private static List<String> images(Path folder) {
        List<String> images = new ArrayList<>();
        var visitor = new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.startsWith(".") || !ImageFiles.isImage(name)) {
                    return FileVisitResult.CONTINUE;
                }
                if (!attributes.isRegularFile()) { // links are followed: this one leads nowhere
                    throw new LabException("image " + file + " is a broken link or no regular file");
                }
                images.add(relative(folder, file));
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException e) {
            throw new LabException("class folder " + folder + " cannot be listed: " + e, e);
        }
        images.sort(null);
        return images;
    }

    private static String relative(Path folder, Path file) {
        var parts = new ArrayList<String>();
        folder.relativize(file).forEach(part -> parts.add(part.toString()));
        return String.join("/", parts);
    }

    Path root() {
        return root;
    }

    List<String> classes() {
        return classes;
    }

    int size() {
        return names.length;
    }

    /** SHA-256 of one line a class: the digest of its images' contents and names, and its name. */
    String digest() {
        return digest;
    }

    int label(int index) {
        int found = Arrays.binarySearch(firsts, Objects.checkIndex(index, names.length));
        return found >= 0 ? found : -found - 2; // between two firsts: the class of the lower one
    }

    Path file(int index) {
        return root.resolve(classes.get(label(index))).resolve(names[index]);
    }
}
