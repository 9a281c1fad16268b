package replklab.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import replklab.base.UsageException;

/** The sizes of a tensor's axes, outermost first; images are (batch, height, width, channels). No axis: a scalar. */
public final class Shape {
    /** The shape of a single number. */
    public static final Shape SCALAR = new Shape();

    private final int[] sizes;

    private Shape(int... sizes) {
        this.sizes = sizes;
    }

    /**
     * A shape from its axes' sizes.
     *
     * @throws UsageException if a size is not positive
     */
    public static Shape of(int... sizes) {
        for (int size : sizes) {
            if (size < 1) {
                throw new UsageException("shape " + Arrays.toString(sizes) + " has an axis of size " + size
                        + "; sizes must be at least 1");
            }
        }
        return new Shape(sizes.clone());
    }

    /** Number of axes. */
    public int rank() {
        return sizes.length;
    }

    /** Size of axis {@code axis}; negative ones count from the last, so -1 is the channels of an image. */
    public int size(int axis) {
        int index = axis < 0 ? axis + sizes.length : axis;
        if (index < 0 || index >= sizes.length) {
            throw new UsageException("axis " + axis + " of shape " + this + ", which has " + sizes.length + " axes");
        }
        return sizes[index];
    }

    /** Number of elements. */
    public long elements() {
        long product = 1;
        for (int size : sizes) {
            product *= size;
        }
        return product;
    }

    /** Product of all axes but the last: how many rows of channels there are. */
    public int rows() {
        return Math.toIntExact(elements() / channels());
    }

    /** Size of the last axis; 1 for a scalar. */
    public int channels() {
        return sizes.length == 0 ? 1 : sizes[sizes.length - 1];
    }

    /** This shape with another last axis. */
    public Shape withChannels(int channels) {
        int[] changed = sizes.clone();
        changed[changed.length - 1] = channels;
        return of(changed);
    }

    /** The sizes, as a fresh array. */
    public int[] toArray() {
        return sizes.clone();
    }

    /** The sizes as long integers, which ND4J and file formats use. */
    public long[] toLongArray() {
        return IntStream.of(sizes).asLongStream().toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return IntStream.of(sizes).mapToObj(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
