package replklab.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.nio.file.Path;
import replklab.base.LabException;

/**
 * A label for every pixel of an image.
 *
 * @param width columns
 * @param height rows
 * @param labels row by row, unsigned
 */
record LabelImage(int width, int height, byte[] labels) {
    /**
     * Decodes an annotation: an image of one band whose samples are numbers, a palette's indices among them.
     *
     * @throws LabException naming the file, if it cannot be read or has a number that is no class
     */
    static LabelImage read(Path file, PixelLabels meaning, int classes) {
        BufferedImage image = ImageFiles.readStored(file);
        Raster raster = image.getRaster();
        if (raster.getNumBands() != 1) {
            throw new LabException("annotation %s has %d bands: it must have one, whose samples are classes' numbers"
                    .formatted(file, raster.getNumBands()));
        }
        int[] samples = raster.getSamples(
                raster.getMinX(), raster.getMinY(), image.getWidth(), image.getHeight(), 0, (int[]) null);
        byte[] labels = new byte[samples.length];
        for (int i = 0; i < labels.length; i++) {
            int label = meaning.of(samples[i]);
            if (label != DenseDataset.IGNORED && label >= classes) {
                throw new LabException(
                        ("annotation %s has the number %d, which is none of the %d classes (%s): labels.values"
                                        + " says which number stands for each class")
                                .formatted(file, samples[i], classes, meaning));
            }
            labels[i] = (byte) label;
        }
        return new LabelImage(image.getWidth(), image.getHeight(), labels);
    }

    /** Writes the part in {@code box} as {@code side} x {@code side} labels, each that of the nearest pixel. */
    void resize(Resampler.Box box, int side, byte[] into, int offset) {
        for (int y = 0; y < side; y++) {
            int row = Math.min(height - 1, (int) (box.top() + (y + 0.5) * box.height() / side));
            for (int x = 0; x < side; x++) {
                int column = Math.min(width - 1, (int) (box.left() + (x + 0.5) * box.width() / side));
                into[offset + y * side + x] = labels[row * width + column];
            }
        }
    }
}
