package replklab.data;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import replklab.base.LabException;

/**
 * Writes a data set as a folder of class folders with PNG files, the form that everybody's tools read. The folders' names begin
 * with the class's number, so that sorting them by name gives the labels back.
 */
public final class ClassFolders {
    private ClassFolders() {}

    /**
     * Writes every image, as bytes again: {@code FOLDER/3-Dress/00042.png}.
     *
     * @param dataset images of 1 or 3 channels
     * @param folder is made; must be empty if it is there
     * @throws LabException if the folder is not empty or cannot be written
     */
    public static void write(ImageDataset dataset, Path folder) {
        List<String> names = names(dataset.classes());
        float[] image = new float[dataset.shape().values()];
        try {
            requireEmpty(folder);
            for (String name : names) {
                Files.createDirectories(folder.resolve(name));
            }
            for (int i = 0; i < dataset.size(); i++) {
                dataset.read(i, image, 0);
                Path file = folder.resolve(names.get(dataset.label(i))).resolve("%05d.png".formatted(i));
                ImageIO.write(picture(dataset, image), "png", file.toFile());
            }
        } catch (IOException e) {
            throw new LabException("cannot write images to " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw new LabException("folder " + folder + " is not empty: images go to a new or an empty one");
                }
            }
        }
    }

    private static List<String> names(List<String> classes) {
        int digits = String.valueOf(classes.size() - 1).length();
        return IntStream.range(0, classes.size())
                .mapToObj(c ->
                        ("%0" + digits + "d-%s").formatted(c, classes.get(c).replaceAll("[^\\w-]+", "-")))
                .toList();
    }

    private static BufferedImage picture(ImageDataset dataset, float[] values) {
        ImageShape shape = dataset.shape();
        Normalization normalization = dataset.info().normalization();
        int channels = shape.channels();
        int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
        BufferedImage picture = new BufferedImage(shape.width(), shape.height(), type);
        WritableRaster raster = picture.getRaster(); // setRGB would darken grey, which it takes for linear light
        for (int i = 0; i < values.length; i++) {
            int pixel = i / channels;
            int channel = i % channels;
            raster.setSample(
                    pixel % shape.width(), pixel / shape.width(), channel, normalization.sample(values[i], channel));
        }
        return picture;
    }
}
