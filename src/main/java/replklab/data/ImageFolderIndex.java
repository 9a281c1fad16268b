package replklab.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
        MessageDigest digest = Digests.sha256();
        for (int c = 0; c < classes.size(); c++) {
            Path folder = root.resolve(classes.get(c));
            Map<String, Long> images = images(folder);
            if (images.isEmpty()) {
                throw new LabException("class folder " + folder + " holds no images ("
                        + String.join(
                                ", ", ImageFiles.EXTENSIONS.stream().sorted().toList()) + ")");
            }
            for (Map.Entry<String, Long> image : images.entrySet()) {
                names.add(image.getKey());
                String line = classes.get(c) + "/" + image.getKey() + "\t" + image.getValue() + "\n";
                digest.update(line.getBytes(UTF_8));
            }
            firsts[c + 1] = names.size();
        }
        return new ImageFolderIndex(root, classes, firsts, names.toArray(String[]::new), Digests.hex(digest));
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

    /** Sizes by relative name, sorted. */
    private static Map<String, Long> images(Path folder) {
        Map<String, Long> images = new TreeMap<>();
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
                images.put(relative(folder, file), attributes.size());
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException e) {
            throw new LabException("class folder " + folder + " cannot be listed: " + e, e);
        }
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

    /** SHA-256 of one line an image: class, name, size. */
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
