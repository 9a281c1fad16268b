package replklab.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import replklab.base.LabException;
import replklab.base.Parallel;
import replklab.base.UsageException;

/**
 * Image files to read: coloured noise whose amplitude falls with the frequency as that of photographs does, so that decoders have as much to do.
 * They are written once and stay in {@code .lab/bench/images}.
 */
final class SampleImages {
    private static final List<String> FORMATS = List.of("jpeg", "png");
    private static final float QUALITY = 0.9f;

    /** Cells of the coarsest noise, in pixels. */
    private static final int COARSEST = 128;

    private SampleImages() {}

    static void requireFormat(String format) {
        if (!FORMATS.contains(format)) {
            throw UsageException.unknown("format", format, FORMATS);
        }
    }

    /** What a contestant is told of a case: its fields, {@code batch}, and {@code folder}, with train/images and val/images in it. */
    static SequencedMap<String, Object> with(SequencedMap<String, Object> fields) {
        SequencedMap<String, Object> told = new LinkedHashMap<>(fields);
        told.put("batch", DataCase.BATCH);
        String format = (String) fields.get("format");
        told.put(
                "folder",
                folder(format, (int) fields.get("width"), (int) fields.get("height"))
                        .toString());
        return told;
    }

    /** The folder of a format and size, which is made if it is not there. */
    static synchronized Path folder(String format, int width, int height) {
        Path all = Contestants.folder().resolve("images");
        Path folder = all.resolve("%s-%dx%d".formatted(format, width, height));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(all);
            Path made = Files.createTempDirectory(all, "making");
            Path train = Files.createDirectories(made.resolve("train").resolve("images"));
            Path test = Files.createDirectories(made.resolve("val").resolve("images"));
            Parallel.forEach(DataCase.IMAGES, i -> {
                String name = "%03d.%s".formatted(i, format);
                write(picture(width, height, new SplittableRandom(i)), format, test.resolve(name));
                copy(test.resolve(name), train.resolve(name));
            });
            Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
            return folder;
        } catch (IOException e) {
            throw new LabException("cannot write images to " + all + ": " + e.getMessage(), e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new LabException("cannot write " + to + ": " + e.getMessage(), e);
        }
    }

    /** Noise of cells half as wide and half as strong from octave to octave, in each colour. */
    static BufferedImage picture(int width, int height, RandomGenerator random) {
        float[] sums = new float[width * height * 3];
        for (int cell = COARSEST; cell >= 1; cell /= 2) {
            add(sums, width, height, cell, 96f * cell / COARSEST + 2, random);
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * width + x) * 3;
                image.setRGB(x, y, level(sums[at]) << 16 | level(sums[at + 1]) << 8 | level(sums[at + 2]));
            }
        }
        return image;
    }

    private static int level(float sum) {
        return Math.clamp(Math.round(128 + sum), 0, 255);
    }

    private static void add(float[] sums, int width, int height, int cell, float amplitude, RandomGenerator random) {
        int columns = width / cell + 2;
        float[] corners = new float[(height / cell + 2) * columns * 3];
        for (int i = 0; i < corners.length; i++) {
            corners[i] = amplitude * (2 * random.nextFloat() - 1);
        }
        for (int y = 0; y < height; y++) {
            float down = (float) (y % cell) / cell;
            for (int x = 0; x < width; x++) {
                float across = (float) (x % cell) / cell;
                int corner = (y / cell * columns + x / cell) * 3;
                for (int c = 0; c < 3; c++) {
                    float above = corners[corner + c] * (1 - across) + corners[corner + 3 + c] * across;
                    int below = corner + columns * 3 + c;
                    float beneath = corners[below] * (1 - across) + corners[below + 3] * across;
                    sums[(y * width + x) * 3 + c] += above * (1 - down) + beneath * down;
                }
            }
        }
    }

    private static void write(BufferedImage image, String format, Path file) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (OutputStream bytes = Files.newOutputStream(file);
                ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            if (format.equals("jpeg")) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(QUALITY);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            writer.dispose();
        }
    }
}
