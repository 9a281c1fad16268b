package replklab.tensor.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import replklab.device.Groups;
import replklab.tensor.ArrayOperation;
import replklab.tensor.ArrayOperation.Binary;
import replklab.tensor.ArrayOperation.Concatenate;
import replklab.tensor.ArrayOperation.ConcatenateGradient;
import replklab.tensor.ArrayOperation.MaxGradient;
import replklab.tensor.ArrayOperation.Reduce;
import replklab.tensor.ArrayOperation.Repeat;
import replklab.tensor.ArrayOperation.Slice;
import replklab.tensor.ArrayOperation.SliceGradient;
import replklab.tensor.ArrayOperation.Softmax;
import replklab.tensor.ArrayOperation.SoftmaxGradient;
import replklab.tensor.ArrayOperation.Transpose;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** Operations on arrays of up to {@value #AXES} axes. */
final class ArrayLaunches {
    static final Launcher.Program PROGRAM = Launcher.Program.of("arrays.cl");

    /** Axes that the kernels know. */
    static final int AXES = 6;

    private static final int LANES = 64;

    private final Launcher launcher;

    ArrayLaunches(Launcher launcher) {
        this.launcher = launcher;
    }

    void run(ArrayOperation operation) {
        switch (operation) {
            case Binary(var kind, var x, var z, var y) -> {
                int[] sizes = sizes(y.shape());
                run(
                        "binary",
                        y.shape().elements(),
                        y.shape().elements(),
                        KernelNumbers.of(kind),
                        sizes,
                        stepsWithin(x.shape(), sizes),
                        stepsWithin(z.shape(), sizes),
                        launcher.in(x),
                        launcher.in(z),
                        launcher.out(y));
            }
            case Repeat(var x, var y) -> {
                int[] sizes = sizes(y.shape());
                gather(y, sizes, stepsWithin(x.shape(), sizes), x);
            }
            case Transpose(var x, var axes, var y) -> {
                long[] steps = steps(sizes(x.shape()));
                int before = AXES - axes.length;
                long[] moved = new long[AXES];
                for (int axis = 0; axis < axes.length; axis++) {
                    moved[before + axis] = steps[before + axes[axis]];
                }
                gather(y, sizes(y.shape()), moved, x);
            }
            case Reduce(var kind, var x, var y) -> {
                Cut cut = Cut.of(x.shape(), y.shape());
                List<Object> arguments =
                        arguments(KernelNumbers.of(kind), cut.count, cut.outer, cut.steps, cut.inner, cut.steps);
                arguments.add(launcher.in(x));
                arguments.add(launcher.out(y));
                launcher.run(PROGRAM, "reduce", new Groups(y.shape().elements(), 1, 1, LANES, 1), arguments.toArray());
            }
            case MaxGradient(var x, var dy, var dx) -> {
                Cut cut = Cut.of(x.shape(), dy.shape());
                long elements = dy.shape().elements();
                run(
                        "max_gradient",
                        elements,
                        elements,
                        cut.count,
                        cut.outer,
                        cut.steps,
                        cut.inner,
                        cut.steps,
                        launcher.in(x),
                        launcher.in(dy),
                        launcher.out(dx));
            }
            case Softmax(var x, var y) ->
                launcher.run(PROGRAM, "softmax", rows(x), x.shape().channels(), launcher.in(x), launcher.out(y));
            case SoftmaxGradient(var y, var dy, var dx) ->
                launcher.run(
                        PROGRAM,
                        "softmax_gradient",
                        rows(y),
                        y.shape().channels(),
                        launcher.in(y),
                        launcher.in(dy),
                        launcher.out(dx));
            case Slice(var x, var axis, var from, var y) -> copy(x, axis, from, y, 0, y.size(axis));
            case SliceGradient(var dy, var axis, var from, var dx) -> {
                long elements = dx.shape().elements();
                launcher.run(ElementwiseLaunches.PROGRAM, "fill", Groups.of(elements), elements, launcher.out(dx), 0f);
                copy(dy, axis, 0, dx, from, dy.size(axis));
            }
            case Concatenate(var parts, var axis, var y) -> {
                int at = 0;
                for (Tensor part : parts) {
                    copy(part, axis, 0, y, at, part.size(axis));
                    at += part.size(axis);
                }
            }
            case ConcatenateGradient(var dy, var axis, var sizes, var dparts) -> {
                int at = 0;
                for (int i = 0; i < sizes.length; i++) {
                    if (dparts[i] != null) {
                        copy(dy, axis, at, dparts[i], 0, sizes[i]);
                    }
                    at += sizes[i];
                }
            }
        }
    }

    private static Groups rows(Tensor x) {
        return new Groups(x.shape().elements() / x.shape().channels(), 1, 1, LANES, 1);
    }

    private void gather(Tensor y, int[] sizes, long[] steps, Tensor x) {
        long elements = y.shape().elements();
        run("gather", elements, elements, sizes, steps, launcher.in(x), launcher.out(y));
    }

    /** {@code count} indices of an axis from where one says to where one says. */
    private void copy(Tensor x, int axis, int from, Tensor y, int to, int count) {
        long inner = 1;
        long outer = 1;
        for (int i = 0; i < x.shape().rank(); i++) {
            if (i < axis) {
                outer *= x.size(i);
            } else if (i > axis) {
                inner *= x.size(i);
            }
        }
        long elements = outer * count * inner;
        launcher.run(
                PROGRAM,
                "copy_axis",
                Groups.of(elements),
                elements,
                inner,
                count,
                x.size(axis),
                from,
                y.size(axis),
                to,
                launcher.in(x),
                launcher.out(y));
    }

    private void run(String function, long elements, Object... arguments) {
        launcher.run(
                PROGRAM, function, Groups.of(elements), arguments(arguments).toArray());
    }

    /** Arguments in which an array stands for its numbers. */
    private static List<Object> arguments(Object... given) {
        List<Object> all = new ArrayList<>();
        for (Object argument : given) {
            switch (argument) {
                case int[] sizes -> Arrays.stream(sizes).forEach(all::add);
                case long[] steps -> Arrays.stream(steps).forEach(all::add);
                default -> all.add(argument);
            }
        }
        return all;
    }

    /** A shape's sizes, with axes of size 1 before. */
    private static int[] sizes(Shape shape) {
        int[] sizes = new int[AXES];
        Arrays.fill(sizes, 1);
        System.arraycopy(shape.toArray(), 0, sizes, AXES - shape.rank(), shape.rank());
        return sizes;
    }

    private static long[] steps(int... sizes) {
        long[] steps = new long[AXES];
        long step = 1;
        for (int axis = AXES - 1; axis >= 0; axis--) {
            steps[axis] = step;
            step *= sizes[axis];
        }
        return steps;
    }

    /** The steps of a shape whose axes of size 1 are repeated to these sizes. */
    private static long[] stepsWithin(Shape shape, int... repeated) {
        int[] sizes = sizes(shape);
        long[] steps = steps(sizes);
        for (int axis = 0; axis < AXES; axis++) {
            if (sizes[axis] == 1 && repeated[axis] != 1) {
                steps[axis] = 0;
            }
        }
        return steps;
    }

    /**
     * A shape cut into the axes that a reduction leaves and those that it sums over.
     *
     * @param outer sizes of those that stay, 1 for the others
     * @param inner sizes of the others
     * @param steps of the whole shape
     * @param count elements of one sum
     */
    private record Cut(int[] outer, int[] inner, long[] steps, long count) {
        static Cut of(Shape whole, Shape reduced) {
            int[] sizes = sizes(whole);
            int[] outer = sizes(reduced);
            int[] inner = new int[AXES];
            for (int axis = 0; axis < AXES; axis++) {
                inner[axis] = sizes[axis] / outer[axis];
            }
            return new Cut(outer, inner, ArrayLaunches.steps(sizes), whole.elements() / reduced.elements());
        }
    }
}
