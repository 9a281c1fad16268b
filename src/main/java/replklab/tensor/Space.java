package replklab.tensor;

import replklab.base.UsageException;

/** Operations that change height and width or put tensors together, recorded. */
final class Space {
    private static final String IMAGE = "(batch, height, width, channels)";

    /** What the gradients here read: they are linear operations. */
    private static final Tensor[] NOTHING = {};

    private Space() {}

    static Tensor globalAveragePool(Tensor x) {
        Convolutions.requireRank("input of global average pooling", x, 4, IMAGE);
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(Shape.of(x.size(0), x.size(3)));
        backend.globalAveragePool(x, y);
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    backend.globalAveragePoolGradient(dy, dx);
                    return new Tensor[] {dx};
                },
                x);
    }

    static Tensor resizeBilinear(Tensor x, int height, int width) {
        Convolutions.requireRank("input of bilinear resizing", x, 4, IMAGE);
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(Shape.of(x.size(0), height, width, x.size(3)));
        backend.resizeBilinear(x, y);
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    backend.resizeBilinearGradient(dy, dx);
                    return new Tensor[] {dx};
                },
                x);
    }

    static Tensor adaptiveAveragePool(Tensor x, int height, int width) {
        Convolutions.requireRank("input of adaptive average pooling", x, 4, IMAGE);
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(Shape.of(x.size(0), height, width, x.size(3)));
        backend.adaptiveAveragePool(x, y);
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    backend.adaptiveAveragePoolGradient(dy, dx);
                    return new Tensor[] {dx};
                },
                x);
    }

    static Tensor patches(Tensor x, int size) {
        Convolutions.requireRank("input of patches", x, 4, IMAGE);
        if (size < 1 || size > x.size(1) || size > x.size(2)) {
            throw new UsageException("patches of " + size + "x" + size + " pixels of images of shape " + x.shape()
                    + "; a side must be at least 1 and no longer than the image's");
        }
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(Shape.of(x.size(0), x.size(1) / size, x.size(2) / size, size * size * x.size(3)));
        backend.patches(x, size, y);
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> {
                    Tensor dx = Tensor.empty(x.shape());
                    backend.patchesGradient(dy, size, dx);
                    return new Tensor[] {dx};
                },
                x);
    }

    static Tensor concatenate(Tensor... parts) {
        if (parts.length == 0) {
            throw new UsageException("nothing to concatenate");
        }
        Shape first = parts[0].shape();
        int channels = 0;
        int[] widths = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Tensor part = parts[i];
            if (!part.shape().withChannels(first.channels()).equals(first)) {
                throw new UsageException("concatenation of shapes " + first + " and " + part.shape()
                        + ": all axes but the last must be equal");
            }
            widths[i] = part.shape().channels();
            channels += widths[i];
        }
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(first.withChannels(channels));
        backend.concatenate(parts, y);
        return Tape.record(
                y,
                NOTHING,
                (dy, wanted) -> {
                    Tensor[] gradients = Convolutions.like(wanted, parts);
                    backend.concatenateGradient(dy, widths, gradients);
                    return gradients;
                },
                parts);
    }

    static Tensor reshape(Tensor x, Shape shape) {
        if (shape.elements() != x.shape().elements()) {
            throw new UsageException("reshape from " + x.shape() + " to " + shape + " changes the number of elements");
        }
        Tensor y = new Tensor(shape, x.storage());
        return Tape.record(y, NOTHING, (dy, wanted) -> new Tensor[] {new Tensor(x.shape(), dy.storage())}, x);
    }
}
