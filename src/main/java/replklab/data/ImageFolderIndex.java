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
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import replklab.base.Digests;
import replklab.base.LabException;
import replklab.base.NearNames;

/**
 * The images under a folder of class folders, in the order of their names. Only names are kept, about a hundred bytes an
 * image; hidden files and folders are passed over at every level, as are files that are no images; folders inside a class folder
 * are entered.
 */
final class ImageFolderIndex {
    private final Path root;
    private final List<String> classes;
    /** Index of each class's first image, and at the end the number of images. */
    private final int[] firsts;
    /** Names relative to their class folder, parts separated by '/'. */
    private final String[] names;

    private final String digest;
    private final List<String> notices;

    private ImageFolderIndex(
            Path root, List<String> classes, int[] firsts, String[] names, String digest, List<String> notices) {
        this.root = root;
        this.classes = classes;
        this.firsts = firsts;
        this.names = names;
        this.digest = digest;
        this.notices = notices;
    }

    /**
     * Lists the folder; its class folders are the classes.
     *
     * @throws LabException naming the folder that is missing, has no class folders or no images
     */
    static ImageFolderIndex scan(Path root) {
        List<String> folders = classFolders(root);
        return scan(root, folders, folders, numbers(folders));
    }

    /**
     * The same for classes that are known: folders may be of a part of them, in any order.
     *
     * @throws LabException also if a folder is of none of them
     */
    static ImageFolderIndex scan(Path root, List<String> classes) {
        List<String> folders = classFolders(root);
        for (String folder : folders) {
            if (!classes.contains(folder)) {
                List<String> near = NearNames.of(folder, classes);
                throw new LabException("folder " + root.resolve(folder) + " is of none of the " + classes.size()
                        + " classes that are named" + (near.isEmpty() ? "" : "; near is " + String.join(", ", near)));
            }
        }
        return scan(root, folders, classes, List.of());
    }

    private static ImageFolderIndex scan(Path root, List<String> folders, List<String> classes, List<String> known) {
        int[] firsts = new int[classes.size() + 1];
        List<String> names = new ArrayList<>();
        Map<String, Integer> strange = new TreeMap<>();
        ContentDigests contents = ContentDigests.ofCheckout();
        StringBuilder digests = new StringBuilder();
        for (int c = 0; c < classes.size(); c++) {
            if (folders.contains(classes.get(c))) {
                Path folder = root.resolve(classes.get(c));
                List<String> images = images(folder, strange);
                if (images.isEmpty()) {
                    throw new LabException("class folder " + folder + " holds no images ("
                            + String.join(
                                    ", ",
                                    ImageFiles.EXTENSIONS.stream().sorted().toList()) + ")" + passedOver(strange)
                            + ": remove it, if it stands for no class");
                }
                names.addAll(images);
                digests.append(Digests.line(contents.of(folder, images), classes.get(c)));
            }
            firsts[c + 1] = names.size();
        }
        List<String> notices = new ArrayList<>(known);
        if (!strange.isEmpty()) {
            notices.add("passed over in " + root + passedOver(strange));
        }
        return new ImageFolderIndex(
                root, classes, firsts, names.toArray(String[]::new), Digests.of(digests.toString()), notices);
    }

    /** How many images of formats that are not read there were, as the end of a message. */
    static String passedOver(Map<String, Integer> strange) {
        List<String> words = new ArrayList<>();
        strange.forEach((ending, count) -> words.add(count + " ." + ending));
        return words.isEmpty() ? "" : "; images of formats that are not read: " + String.join(", ", words);
    }

    /** Says so if numbers are the classes' names and stand in another order than one would count. */
    private static List<String> numbers(List<String> folders) {
        if (!folders.stream().allMatch(name -> name.matches("[0-9]{1,18}"))) {
            return List.of();
        }
        for (int label = 1; label < folders.size(); label++) {
            if (Long.parseLong(folders.get(label)) < Long.parseLong(folders.get(label - 1))) {
                return List.of("the class folders' numbers are sorted as text: "
                        + String.join(", ", folders.subList(0, label + 1))
                        + ", ...; so class " + label + " is folder " + folders.get(label)
                        + ". Padded with zeros (00, 01, ...) they would be in the order of numbers");
            }
        }
        return List.of();
    }

    private static List<String> classFolders(Path root) {
        if (!Files.isDirectory(root)) {
            throw new LabException("folder " + root + " is missing: expected class folders with images in it");
        }
        try (Stream<Path> children = Files.list(root)) {
            List<String> folders = children.filter(Files::isDirectory)
                    .map(child -> child.getFileName().toString())
                    .filter(name -> !ImageFiles.isHidden(name))
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

    /** Relative names, sorted; images that are not read are counted by their ending. */
    static List<String> images(Path folder, Map<String, Integer> strange) {
        List<String> images = new ArrayList<>();
        var visitor = new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                return !inner.equals(folder)
                                && ImageFiles.isHidden(inner.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (ImageFiles.isHidden(name) || !ImageFiles.isImage(name)) {
                    if (!ImageFiles.isHidden(name) && ImageFiles.isStrange(name)) {
                        strange.merge(ImageFiles.extension(name), 1, Integer::sum);
                    }
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
            throw new LabException("folder " + folder + " cannot be listed: " + e, e);
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

    /** What somebody should know who did not make the folder. */
    List<String> notices() {
        return notices;
    }

    int label(int index) {
        int found = Arrays.binarySearch(firsts, Objects.checkIndex(index, names.length));
        int label = found >= 0 ? found : -found - 2; // between two firsts: the class of the lower one
        while (firsts[label + 1] == index) { // one without images begins where the next one does
            label++;
        }
        return label;
    }

    Path file(int index) {
        return root.resolve(classes.get(label(index))).resolve(names[index]);
    }
}
