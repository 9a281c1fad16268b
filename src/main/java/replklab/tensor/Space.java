package replklab.tensor;

import java.util.Arrays;
import replklab.base.UsageException;
import replklab.tensor.ArrayOperation.Concatenate;
import replklab.tensor.ArrayOperation.ConcatenateGradient;
import replklab.tensor.ArrayOperation.Slice;
import replklab.tensor.ArrayOperation.SliceGradient;
import replklab.tensor.ArrayOperation.Transpose;
import replklab.tensor.SpaceOperation.AdaptiveAveragePool;
import replklab.tensor.SpaceOperation.AdaptiveAveragePoolGradient;
import replklab.tensor.SpaceOperation.GlobalAveragePool;
import replklab.tensor.SpaceOperation.GlobalAveragePoolGradient;
import replklab.tensor.SpaceOperation.MaxPool;
import replklab.tensor.SpaceOperation.MaxPoolGradient;
import replklab.tensor.SpaceOperation.Patches;
import replklab.tensor.SpaceOperation.PatchesGradient;
import replklab.tensor.SpaceOperation.ResizeBilinear;
import replklab.tensor.SpaceOperation.ResizeBilinearGradient;

/** Operations that change height and width, put tensors together or take them apart, recorded. */
final class Space {
    /** What the gradients here read: they are linear operations. */
    private static final Tensor[] NOTHING = {};

    private Space() {}

    static Tensor globalAveragePool(Tensor x) {
        Tensor y = Tensor.empty(GlobalAveragePool.output(x));
        Backend.run(new GlobalAveragePool(x, y));
        return Tape.record(y, NOTHING, Recording.Backward.of(x, GlobalAveragePoolGradient::new), x);
    }

    static Tensor resizeBilinear(Tensor x, int height, int width) {
        Check.rank("input of bilinear resizing", x, 4, Check.IMAGE);
        Tensor y = Tensor.empty(Shape.of(x.size(0), height, width, x.size(3)));
        Backend.run(new ResizeBilinear(x, y));
        return Tape.record(y, NOTHING, Recording.Backward.of(x, ResizeBilinearGradient::new), x);
    }

    static Tensor adaptiveAveragePool(Tensor x, int height, int width) {
        Check.rank("input of adaptive average pooling", x, 4, Check.IMAGE);
        Tensor y = Tensor.empty(Shape.of(x.size(0), height, width, x.size(3)));
        Backend.run(new AdaptiveAveragePool(x, y));
        return Tape.record(y, NOTHING, Recording.Backward.of(x, AdaptiveAveragePoolGradient::new), x);
    }

    static Tensor patches(Tensor x, int size) {
        Tensor y = Tensor.empty(Patches.output(x, size));
        Backend.run(new Patches(x, size, y));
        return Tape.record(y, NOTHING, Recording.Backward.of(x, (dy, dx) -> new PatchesGradient(dy, size, dx)), x);
    }

    static Tensor maxPool(Tensor x, int kernel, int stride, int padding) {
        Tensor y = Tensor.empty(MaxPool.output(x, kernel, stride, padding));
        Backend.run(new MaxPool(x, kernel, stride, padding, y));
        return Tape.record(
                y,
                new Tensor[] {x},
                Recording.Backward.of(x, (dy, dx) -> new MaxPoolGradient(x, kernel, stride, padding, dy, dx)),
                x);
    }

    static Tensor concatenate(int axis, Tensor... given) {
        Tensor[] parts = given.clone();
        int counted = parts.length == 0 ? axis : parts[0].shape().axis(axis);
        Tensor y = Tensor.empty(Concatenate.output(counted, parts));
        Backend.run(new Concatenate(parts, counted, y));
        int[] sizes = Arrays.stream(parts).mapToInt(part -> part.size(counted)).toArray();
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, parts);
                    Backend.run(new ConcatenateGradient(dy, counted, sizes, gradients));
                    return gradients;
                },
                parts);
    }

    static Tensor slice(Tensor x, int axis, int from, int to) {
        int counted = x.shape().axis(axis);
        Tensor y = Tensor.empty(Slice.output(x, counted, from, to));
        Backend.run(new Slice(x, counted, from, y));
        return Tape.record(
                y, NOTHING, Recording.Backward.of(x, (dy, dx) -> new SliceGradient(dy, counted, from, dx)), x);
    }

    static Tensor transpose(Tensor x, int... given) {
        int[] axes = Arrays.stream(given).map(x.shape()::axis).toArray();
        Tensor y = transposed(x, axes);
        int[] back = new int[axes.length];
        for (int axis = 0; axis < axes.length; axis++) {
            back[axes[axis]] = axis;
        }
        return Tape.record(y, NOTHING, (dy, wanted) -> new Tensor[] {transposed(dy, back)}, x);
    }

    private static Tensor transposed(Tensor x, int... axes) {
        Tensor y = Tensor.empty(Transpose.output(x, axes));
        Backend.run(new Transpose(x, axes, y));
        return y;
    }

    static Tensor reshape(Tensor x, Shape shape) {
        if (shape.elements() != x.shape().elements()) {
            throw new UsageException("reshape from " + x.shape() + " to " + shape + " changes the number of elements");
        }
        Tensor y = new Tensor(shape, x.storage());
        return Tape.record(y, NOTHING, (dy, wanted) -> new Tensor[] {new Tensor(x.shape(), dy.storage())}, x);
    }
}
