package replklab.tensor;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import replklab.base.UsageException;

/** The sizes of a tensor's axes, outermost first; images are (batch, height, width, channels). No axis: a scalar. */
public final class Shape {
    /** The shape of a single number. */
    public static final Shape SCALAR = new Shape();

    /** The most elements that a tensor can have: their bytes are counted in a long. */
    private static final long MOST = Long.MAX_VALUE / Float.BYTES / 2;

    private final int[] sizes;
    private final long elements;

    private Shape(int... sizes) {
        this.sizes = sizes;
        long product = 1;
        for (int size : sizes) {
            if (size < 1) {
                throw new UsageException("shape " + Arrays.toString(sizes) + " has an axis of size " + size
                        + "; sizes must be at least 1");
            }
            if (product > MOST / size) {
                throw new UsageException("shape " + Arrays.toString(sizes) + " has more elements than the " + MOST
                        + " that can be counted");
            }
            product *= size;
        }
        this.elements = product;
    }

    /**
     * A shape from its axes' sizes.
     *
     * @throws UsageException if a size is not positive, or there are more elements than can be counted
     */
    public static Shape of(int... sizes) {
        return new Shape(sizes.clone());
    }

    /** Number of axes. */
    public int rank() {
        return sizes.length;
    }

    /** Size of axis {@code axis}; negative ones count from the last, so -1 is the channels of an image. */
    public int size(int axis) {
        return sizes[axis(axis)];
    }

    /**
     * An axis counted from 0; negative ones count from the last.
     *
     * @throws UsageException if there is no such axis
     */
    public int axis(int axis) {
        int index = axis < 0 ? axis + sizes.length : axis;
        if (index < 0 || index >= sizes.length) {
            throw new UsageException("axis " + axis + " of shape " + this + ", which has " + sizes.length + " axes");
        }
        return index;
    }

    /** Number of elements. */
    public long elements() {
        return elements;
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
        return with(-1, channels);
    }

    /** This shape with another size of one axis; negative ones count from the last. */
    public Shape with(int axis, int size) {
        int[] changed = sizes.clone();
        changed[axis(axis)] = size;
        return new Shape(changed);
    }

    /**
     * The shape of what is computed elementwise of this shape and another: axes stand beside each other from the last on, and
     * one of size 1, or that is missing, is repeated. Empty if they do not fit.
     */
    public Optional<Shape> broadcast(Shape other) {
        int[] common = new int[Math.max(sizes.length, other.sizes.length)];
        for (int back = 1; back <= common.length; back++) {
            int mine = back > sizes.length ? 1 : sizes[sizes.length - back];
            int others = back > other.sizes.length ? 1 : other.sizes[other.sizes.length - back];
            if (mine != others && mine != 1 && others != 1) {
                return Optional.empty();
            }
            common[common.length - back] = Math.max(mine, others);
        }
        return Optional.of(new Shape(common));
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
