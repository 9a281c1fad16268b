package replklab.data;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Images with a label for every pixel beside the one for the whole. Pixels are labelled row by row, a byte each: an index
 * into {@link #pixelClasses()}, or {@link #IGNORED}.
 */
public interface DenseDataset extends ImageDataset {
    /** The label of a pixel that counts neither in training nor in evaluation. */
    int IGNORED = 255;

    /** Names of the pixels' classes, at most {@value #IGNORED} of them. */
    List<String> pixelClasses();

    /**
     * Writes the labels of an image's pixels.
     *
     * @param into takes {@code shape().pixels()} bytes, unsigned, from {@code offset} on
     */
    void readLabels(int index, byte[] into, int offset);

    /** Writes an image, as {@link #read(int, float[], int)}, and its labels. */
    default void read(int index, float[] image, int offset, byte[] labels, int labelOffset) {
        read(index, image, offset);
        readLabels(index, labels, labelOffset);
    }

    /** Writes the view of an image that training wants, and the labels of the pixels seen. */
    default void readForTraining(
            int index, RandomGenerator random, float[] image, int offset, byte[] labels, int labelOffset) {
        read(index, image, offset, labels, labelOffset);
    }
}
