package replklab.tensor;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import replklab.base.UsageException;
import replklab.tensor.ArrayOperation.Binary;
import replklab.tensor.ArrayOperation.MaxGradient;
import replklab.tensor.ArrayOperation.Reduce;
import replklab.tensor.ArrayOperation.Repeat;
import replklab.tensor.ArrayOperation.Softmax;
import replklab.tensor.ArrayOperation.SoftmaxGradient;

/** Arithmetic between tensors of different shapes, and what goes the other way, reductions by axis; recorded. */
final class Broadcasting {
    /** What the gradient of a linear operation reads. */
    private static final Tensor[] NOTHING = {};

    private Broadcasting() {}

    static Tensor binary(Binary.Arithmetic kind, Tensor x, Tensor z) {
        Tensor y = of(kind, x, z);
        Tensor[] read = switch (kind) {
            case ADD, SUBTRACT -> NOTHING;
            case MULTIPLY -> new Tensor[] {x, z};
            case DIVIDE -> new Tensor[] {y, z};
        };
        return Tape.record(
                y,
                read,
                (dy, wanted) -> new Tensor[] {
                    wanted[0] ? summedTo(x.shape(), toFirst(kind, dy, z)) : null,
                    wanted[1] ? summedTo(z.shape(), toSecond(kind, dy, x, z, y)) : null
                },
                x,
                z);
    }

    private static Tensor toFirst(Binary.Arithmetic kind, Tensor dy, Tensor z) {
        return switch (kind) {
            case ADD, SUBTRACT -> dy;
            case MULTIPLY, DIVIDE -> of(kind, dy, z);
        };
    }

    private static Tensor toSecond(Binary.Arithmetic kind, Tensor dy, Tensor x, Tensor z, Tensor y) {
        return switch (kind) {
            case ADD -> dy;
            case SUBTRACT -> Elementwise.scaled(dy, -1);
            case MULTIPLY -> of(kind, dy, x);
            // (x / z)' = -(x / z) / z
            case DIVIDE -> Elementwise.scaled(of(kind, Elementwise.product(dy, y), z), -1);
        };
    }

    /** Not recorded. */
    static Tensor of(Binary.Arithmetic kind, Tensor x, Tensor z) {
        Tensor y = Tensor.empty(Binary.output(kind, x, z));
        Backend.run(new Binary(kind, x, z, y));
        return y;
    }

    /** The gradient of what was repeated: the sum over its copies. */
    private static Tensor summedTo(Shape shape, Tensor dy) {
        if (dy.shape().equals(shape)) {
            return dy;
        }
        int[] sizes = new int[dy.shape().rank()];
        Arrays.fill(sizes, 1);
        System.arraycopy(shape.toArray(), 0, sizes, sizes.length - shape.rank(), shape.rank());
        return new Tensor(shape, reduced(Reduce.Kind.SUM, dy, Shape.of(sizes)).storage());
    }

    private static Tensor reduced(Reduce.Kind kind, Tensor x, Shape shape) {
        Tensor y = Tensor.empty(shape);
        Backend.run(new Reduce(kind, x, y));
        return y;
    }

    static Tensor sum(Tensor x, int... axes) {
        return linear("sum", Reduce.Kind.SUM, 1, x, axes);
    }

    static Tensor mean(Tensor x, int... axes) {
        double share = 1;
        for (int axis : axes) {
            share /= x.size(axis);
        }
        return linear("mean", Reduce.Kind.MEAN, (float) share, x, axes);
    }

    /** {@code share} is what each element adds to its result. */
    private static Tensor linear(String name, Reduce.Kind kind, float share, Tensor x, int... axes) {
        Reduced shapes = Reduced.of(name, x.shape(), axes);
        Tensor y = new Tensor(shapes.result, reduced(kind, x, shapes.kept).storage());
        return Tape.record(
                y,
                NOTHING,
                Recording.Backward.of(
                        x,
                        (dy, dx) -> new Repeat(
                                new Tensor(
                                        shapes.kept,
                                        Elementwise.scaled(dy, share).storage()),
                                dx)),
                x);
    }

    static Tensor max(Tensor x, int... axes) {
        Reduced shapes = Reduced.of("max", x.shape(), axes);
        Tensor y = new Tensor(
                shapes.result, reduced(Reduce.Kind.MAX, x, shapes.kept).storage());
        return Tape.record(
                y,
                new Tensor[] {x},
                Recording.Backward.of(x, (dy, dx) -> new MaxGradient(x, new Tensor(shapes.kept, dy.storage()), dx)),
                x);
    }

    static Tensor softmax(Tensor x) {
        Tensor y = Tensor.empty(x.shape());
        Backend.run(new Softmax(x, y));
        return Tape.record(
                y, new Tensor[] {y}, Recording.Backward.of(x, (dy, dx) -> new SoftmaxGradient(y, dy, dx)), x);
    }

    /**
     * What a reduction leaves.
     *
     * @param kept with the reduced axes of size 1
     * @param result without them
     */
    private record Reduced(Shape kept, Shape result) {
        static Reduced of(String operation, Shape shape, int... axes) {
            BitSet reduced = new BitSet();
            for (int axis : axes) {
                int counted = shape.axis(axis);
                if (reduced.get(counted)) {
                    throw new UsageException(
                            operation + " over axes " + Arrays.toString(axes) + ": axis " + axis + " is named twice");
                }
                reduced.set(counted);
            }
            int[] kept = shape.toArray();
            reduced.stream().forEach(axis -> kept[axis] = 1);
            int[] result = IntStream.range(0, kept.length)
                    .filter(axis -> !reduced.get(axis))
                    .map(axis -> kept[axis])
                    .toArray();
            return new Reduced(Shape.of(kept), Shape.of(result));
        }
    }
}
