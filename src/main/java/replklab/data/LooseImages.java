package replklab.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import replklab.base.LabException;

/** Image files that nobody has labelled. */
public final class LooseImages {
    private LooseImages() {}

    /** Whether it is a folder, or a file that is called as images are. */
    public static boolean isMeant(Path path) {
        return Files.isDirectory(path) || ImageFiles.isImage(path.getFileName().toString());
    }

    /**
     * An image file itself, or a folder's images at every level in the order of their names; hidden files and folders are passed over.
     *
     * @throws LabException naming the folder, if it holds none or cannot be listed
     */
    public static List<Path> of(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        TreeMap<String, Integer> strange = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        ImageFolderIndex.images(path, strange).forEach(name -> files.add(path.resolve(name)));
        if (files.isEmpty()) {
            throw new LabException("folder " + path + " holds no images" + ImageFolderIndex.passedOver(strange));
        }
        return files;
    }

    /**
     * Reads one as a network takes it.
     *
     * @param into takes {@code preprocessing.shape().values()} floats from {@code offset} on: (height, width, channels)
     * @throws LabException naming the file, if it cannot be read
     */
    public static void read(Path file, Preprocessing preprocessing, float[] into, int offset) {
        preprocessing.apply(ImageFiles.read(file), into, offset);
    }
}
