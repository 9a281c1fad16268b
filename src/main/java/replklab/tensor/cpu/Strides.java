package replklab.tensor.cpu;

import replklab.tensor.Shape;

/** How far apart in memory an array's elements lie along each axis of another one, over whose elements a loop runs. */
final class Strides {
    private final int[] sizes;
    private final long[] steps;

    private Strides(int[] sizes, long... steps) {
        this.sizes = sizes;
        this.steps = steps;
    }

    /** For an array whose axes of size 1, or missing ones in front, are repeated to make {@code loop}. */
    static Strides repeated(Shape array, Shape loop) {
        long[] own = rowMajor(array);
        long[] steps = new long[loop.rank()];
        for (int back = 1; back <= array.rank(); back++) {
            int axis = array.rank() - back;
            steps[loop.rank() - back] = array.size(axis) == 1 ? 0 : own[axis];
        }
        return new Strides(loop.toArray(), steps);
    }

    /** For an array whose axes stand in another order in the loop. */
    static Strides transposed(Shape array, int... axes) {
        long[] own = rowMajor(array);
        long[] steps = new long[axes.length];
        int[] sizes = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            steps[i] = own[axes[i]];
            sizes[i] = array.size(axes[i]);
        }
        return new Strides(sizes, steps);
    }

    /** For a loop over {@code sizes} of an array's axes, each of them its own size or 1. */
    static Strides within(Shape array, int... sizes) {
        return new Strides(sizes.clone(), rowMajor(array));
    }

    private static long[] rowMajor(Shape shape) {
        long[] steps = new long[shape.rank()];
        long step = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            steps[axis] = step;
            step *= shape.size(axis);
        }
        return steps;
    }

    /** Elements from one index of the last axis to the next; 0 if it is repeated, or there is none. */
    long last() {
        return steps.length == 0 ? 0 : steps[steps.length - 1];
    }

    /** Where a row of the loop, all axes but the last, begins in the array. */
    long rowAt(long row) {
        long at = 0;
        long rest = row;
        for (int axis = sizes.length - 2; axis >= 0; axis--) {
            at += rest % sizes[axis] * steps[axis];
            rest /= sizes[axis];
        }
        return at;
    }
}
