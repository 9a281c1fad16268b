package replklab.tensor;

import replklab.base.UsageException;

/** Operations that change height and width, recorded. */
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

    static Tensor reshape(Tensor x, Shape shape) {
        if (shape.elements() != x.shape().elements()) {
            throw new UsageException("reshape from " + x.shape() + " to " + shape + " changes the number of elements");
        }
        Tensor y = new Tensor(shape, x.storage());
        return Tape.record(y, NOTHING, (dy, wanted) -> new Tensor[] {new Tensor(x.shape(), dy.storage())}, x);
    }
}
