package replklab.data;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Images with a label each. Reading is random access, safe from several threads at once, and cheap in memory: an image
 * becomes floats only when it is read.
 *
 * <p>An index runs from 0 to {@link #size()} - 1; any other throws {@link IndexOutOfBoundsException}.
 */
public interface ImageDataset {
    /** Name, origin, digest, normalisation and classes. */
    DatasetInfo info();

    /** The shape that every image is read in. */
    ImageShape shape();

    /** The class of an example: an index into {@link #classes()}. */
    int label(int index);

    /**
     * Writes one normalised image in the order (height, width, channels); the same values at every call.
     *
     * @param into takes {@code shape().values()} floats from {@code offset} on
     * @throws replklab.base.LabException if the image cannot be decoded, naming its file
     */
    void read(int index, float[] into, int offset);

    /**
     * Writes the view of an image that training wants. Data sets of images of one size leave it as it is; those that crop
     * from larger images draw the crop from {@code random} and nothing else.
     */
    default void readForTraining(int index, RandomGenerator random, float[] into, int offset) {
        read(index, into, offset);
    }

    /**
     * How an image of any size becomes one of {@link #shape()}, so that others than the data set's own can be shown to a network that
     * learnt from it. Data sets of images of one size know whole images alone.
     */
    default Preprocessing.Resize resize() {
        return Preprocessing.Resize.SQUARE;
    }

    /** What somebody should know who did not make the data, such as files that were passed over; a sentence each. */
    default List<String> notices() {
        return List.of();
    }

    /** Number of examples. */
    default int size() {
        return info().count();
    }

    /** Class names. */
    default List<String> classes() {
        return info().classes();
    }
}
