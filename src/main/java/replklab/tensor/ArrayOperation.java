package replklab.tensor;

import java.util.Arrays;
import replklab.base.UsageException;

/** Operations on arrays of any rank: broadcasting, reductions by axis, and putting elements elsewhere. */
public sealed interface ArrayOperation extends Operation {
    /**
     * y = x kind z, where axes are set beside each other from the last on, and one of size 1, or that is missing, is repeated.
     *
     * @param y of the shape that both have then
     */
    record Binary(Arithmetic kind, Tensor x, Tensor z, Tensor y) implements ArrayOperation, Operation.OfTwo {
        /** What is computed of each pair. */
        public enum Arithmetic {
            ADD("sum"),
            SUBTRACT("difference"),
            MULTIPLY("product"),
            DIVIDE("quotient");

            private final String result;

            Arithmetic(String result) {
                this.result = result;
            }
        }

        public Binary {
            Check.shape("output of a " + kind.result, y, output(kind, x, z));
        }

        static Shape output(Arithmetic kind, Tensor x, Tensor z) {
            if (isGate(x.shape(), z.shape())) {
                // By the rule this is an error, or, with as many images as columns, a factor a column: hardly what is
                // meant.
                throw new UsageException(kind.result + " of shapes " + x.shape() + " and " + z.shape()
                        + ": one number an image and channel? For products use x.gate(factors), else give the second shape"
                        + " an axis of size 1 for each that is missing");
            }
            return x.shape()
                    .broadcast(z.shape())
                    .orElseThrow(() -> new UsageException(kind.result + " of shapes " + x.shape() + " and " + z.shape()
                            + ": from the last on, axes must be equal, or 1 or missing in one of them"));
        }

        private static boolean isGate(Shape x, Shape z) {
            return x.rank() > 2 && z.rank() == 2 && z.size(0) == x.size(0) && z.size(1) == x.size(-1);
        }
    }

    /** y = x with each axis of size 1 repeated to the size that {@code y} has there. */
    record Repeat(Tensor x, Tensor y) implements ArrayOperation, Operation.OfOne {
        public Repeat {
            requireReduced("repetition", y.shape(), x.shape());
        }
    }

    /** One number for all elements along the axes that have size 1 in {@code y}. */
    record Reduce(Kind kind, Tensor x, Tensor y) implements ArrayOperation, Operation.OfOne {
        /** Which number. */
        public enum Kind {
            SUM,
            MEAN,
            /** NaN if there is one. */
            MAX
        }

        public Reduce {
            requireReduced("reduction", x.shape(), y.shape());
        }
    }

    /** The gradient of the highest value: all of it goes to the first of equal ones, in the order of memory. */
    record MaxGradient(Tensor x, Tensor dy, Tensor dx) implements ArrayOperation, Operation.GradientAt {
        public MaxGradient {
            requireReduced("reduction", x.shape(), dy.shape());
            Check.shape("input gradient of a maximum", dx, x.shape());
        }
    }

    /** y = exp(x) over its sum along the last axis. */
    record Softmax(Tensor x, Tensor y) implements ArrayOperation, Operation.OfOne {
        public Softmax {
            if (x.shape().rank() < 1) {
                throw new UsageException("softmax of a single number; it needs an axis of classes");
            }
            Check.shape("output of a softmax", y, x.shape());
        }
    }

    /** dx = y (dy - sum(y dy)), the sum along the last axis. */
    record SoftmaxGradient(Tensor y, Tensor dy, Tensor dx) implements ArrayOperation, Operation.Gradient {
        public SoftmaxGradient {
            Check.shape("output gradient of a softmax", dy, y.shape());
            Check.shape("input gradient of a softmax", dx, y.shape());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {y, dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx};
        }
    }

    /**
     * Axes in another order.
     *
     * @param axes which axis of {@code x} each axis of {@code y} is; not to be changed
     */
    record Transpose(Tensor x, int[] axes, Tensor y) implements ArrayOperation, Operation.OfOne {
        public Transpose {
            Check.shape("output of a transposition", y, output(x, axes));
        }

        static Shape output(Tensor x, int... axes) {
            int[] sorted = axes.clone();
            Arrays.sort(sorted);
            for (int axis = 0; axis < Math.max(sorted.length, x.shape().rank()); axis++) {
                if (axis >= sorted.length
                        || sorted[axis] != axis
                        || axis >= x.shape().rank()) {
                    throw new UsageException("transposition by axes " + Arrays.toString(axes) + " of shape " + x.shape()
                            + "; each of its axes must be named once, counted from 0");
                }
            }
            return Shape.of(Arrays.stream(axes).map(x::size).toArray());
        }
    }

    /** y = the elements of {@code x} from index {@code from} of an axis on, as many as {@code y} has there. */
    record Slice(Tensor x, int axis, int from, Tensor y) implements ArrayOperation, Operation.OfOne {
        public Slice {
            Check.shape("output of a slice", y, output(x, axis, from, from + y.size(axis)));
        }

        static Shape output(Tensor x, int axis, int from, int to) {
            int size = x.size(axis);
            if (from < 0 || to > size || from >= to) {
                throw new UsageException("slice from " + from + " to " + to + " of axis " + axis + " of shape "
                        + x.shape() + "; it must begin before it ends, within 0 to " + size);
            }
            return x.shape().with(axis, to - from);
        }
    }

    /** The gradient of {@link Slice}: zero outside it. */
    record SliceGradient(Tensor dy, int axis, int from, Tensor dx) implements ArrayOperation, Operation.LinearGradient {
        public SliceGradient {
            Check.shape("output gradient of a slice", dy, Slice.output(dx, axis, from, from + dy.size(axis)));
        }
    }

    /** y = all {@code parts} one after the other along an axis, counted from 0. */
    record Concatenate(Tensor[] parts, int axis, Tensor y) implements ArrayOperation {
        public Concatenate {
            Check.shape("output of a concatenation", y, output(axis, parts));
        }

        static Shape output(int axis, Tensor... parts) {
            if (parts.length == 0) {
                throw new UsageException("nothing to concatenate");
            }
            Shape first = parts[0].shape();
            int size = 0;
            for (Tensor part : parts) {
                if (part.shape().rank() != first.rank()
                        || !part.shape().with(axis, first.size(axis)).equals(first)) {
                    throw new UsageException("concatenation of shapes " + first + " and " + part.shape()
                            + " along axis " + axis + ": all other axes must be equal");
                }
                size = Math.addExact(size, part.size(axis));
            }
            return first.with(axis, size);
        }

        @Override
        public Tensor[] reads() {
            return parts.clone();
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /**
     * The gradient of {@link Concatenate}: each of {@code dparts} that is not null gets its part of {@code dy}.
     *
     * @param sizes of each part along the axis; not to be changed
     */
    record ConcatenateGradient(Tensor dy, int axis, int[] sizes, Tensor[] dparts)
            implements ArrayOperation, Operation.Gradient {
        public ConcatenateGradient {
            if (sizes.length != dparts.length || Arrays.stream(sizes).sum() != dy.size(axis)) {
                throw new UsageException(
                        "parts of sizes " + Arrays.toString(sizes) + " of axis " + axis + " of shape " + dy.shape());
            }
            for (int i = 0; i < sizes.length; i++) {
                Check.shape("gradient of a part", dparts[i], dy.shape().with(axis, sizes[i]));
            }
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {dy};
        }

        @Override
        public Tensor[] writes() {
            return dparts.clone();
        }
    }

    private static void requireReduced(String operation, Shape whole, Shape reduced) {
        boolean fits = whole.rank() == reduced.rank();
        for (int axis = 0; fits && axis < whole.rank(); axis++) {
            fits = reduced.size(axis) == 1 || reduced.size(axis) == whole.size(axis);
        }
        if (!fits) {
            throw new UsageException(operation + " between shapes " + whole + " and " + reduced
                    + ": each axis of the second must be as in the first, or 1");
        }
    }
}
