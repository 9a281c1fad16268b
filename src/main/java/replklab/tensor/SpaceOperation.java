package replklab.tensor;

import replklab.base.UsageException;

/** Operations that change an image's height and width, and their gradients. */
public sealed interface SpaceOperation extends Operation {
    /** Mean over height and width: (batch, height, width, channels) to (batch, channels). */
    record GlobalAveragePool(Tensor x, Tensor y) implements SpaceOperation, Operation.OfOne {
        public GlobalAveragePool {
            Check.shape("output of global average pooling", y, output(x));
        }

        static Shape output(Tensor x) {
            Check.rank("input of global average pooling", x, 4, Check.IMAGE);
            return Shape.of(x.size(0), x.size(3));
        }
    }

    /** The gradient of {@link GlobalAveragePool}. */
    record GlobalAveragePoolGradient(Tensor dy, Tensor dx) implements SpaceOperation, Operation.LinearGradient {
        public GlobalAveragePoolGradient {
            Check.shape("output gradient of global average pooling", dy, GlobalAveragePool.output(dx));
        }
    }

    /** Bilinear interpolation to {@code y}'s height and width, pixel centres at half-integers (no aligned corners). */
    record ResizeBilinear(Tensor x, Tensor y) implements SpaceOperation, Operation.OfOne {
        public ResizeBilinear {
            requireSameButSize("bilinear resizing", x, y);
        }
    }

    /** The gradient of {@link ResizeBilinear}. */
    record ResizeBilinearGradient(Tensor dy, Tensor dx) implements SpaceOperation, Operation.LinearGradient {
        public ResizeBilinearGradient {
            requireSameButSize("bilinear resizing", dx, dy);
        }
    }

    /**
     * Mean over each cell of a grid of {@code y}'s height and width. Cell i of n cells over a side of length s goes from
     * floor(i s / n) to ceil((i + 1) s / n), so neighbours overlap where s is no multiple of n.
     */
    record AdaptiveAveragePool(Tensor x, Tensor y) implements SpaceOperation, Operation.OfOne {
        public AdaptiveAveragePool {
            requireSameButSize("adaptive average pooling", x, y);
        }
    }

    /** The gradient of {@link AdaptiveAveragePool}. */
    record AdaptiveAveragePoolGradient(Tensor dy, Tensor dx) implements SpaceOperation, Operation.LinearGradient {
        public AdaptiveAveragePoolGradient {
            requireSameButSize("adaptive average pooling", dx, dy);
        }
    }

    /**
     * The highest value of each window; the padding never is it. A NaN in a window is its result.
     *
     * @param x (n, h, w, channels)
     * @param kernel side of the windows in pixels
     * @param stride step between them
     * @param padding pixels around the image, at most half a window
     * @param y (n, (h + 2 padding - kernel) / stride + 1, likewise, channels), rounded down
     */
    record MaxPool(Tensor x, int kernel, int stride, int padding, Tensor y) implements SpaceOperation, Operation.OfOne {
        public MaxPool {
            Check.shape("output of max pooling", y, output(x, kernel, stride, padding));
        }

        static Shape output(Tensor x, int kernel, int stride, int padding) {
            Check.rank("input of max pooling", x, 4, Check.IMAGE);
            UsageException.requireAtLeast("kernel of max pooling", kernel, 1);
            UsageException.requireAtLeast("stride of max pooling", stride, 1);
            if (padding < 0 || padding > kernel / 2) {
                throw new UsageException("padding of max pooling is " + padding + "; allowed is 0 to " + kernel / 2
                        + ", half the kernel");
            }
            return Shape.of(
                    x.size(0),
                    windows(x.size(1), kernel, stride, padding),
                    windows(x.size(2), kernel, stride, padding),
                    x.size(3));
        }

        private static int windows(int size, int kernel, int stride, int padding) {
            int room = size + 2 * padding - kernel;
            if (room < 0) {
                throw new UsageException("max pooling over " + kernel + " pixels of an image that is " + size
                        + " pixels and " + padding + " of padding on each side");
            }
            return room / stride + 1;
        }
    }

    /** The gradient of {@link MaxPool}: it goes to the first of the highest values in each window. */
    record MaxPoolGradient(Tensor x, int kernel, int stride, int padding, Tensor dy, Tensor dx)
            implements SpaceOperation, Operation.GradientAt {
        public MaxPoolGradient {
            Check.shape("output gradient of max pooling", dy, MaxPool.output(x, kernel, stride, padding));
            Check.shape("input gradient of max pooling", dx, x.shape());
        }
    }

    /**
     * Cuts images into squares that do not overlap, each one row of size x size x channels values in the order height,
     * width, channels; pixels that make no whole square are left out.
     */
    record Patches(Tensor x, int size, Tensor y) implements SpaceOperation, Operation.OfOne {
        public Patches {
            Check.shape("output of patches", y, output(x, size));
        }

        static Shape output(Tensor x, int size) {
            Check.rank("input of patches", x, 4, Check.IMAGE);
            if (size < 1 || size > x.size(1) || size > x.size(2)) {
                throw new UsageException("patches of " + size + "x" + size + " pixels of images of shape " + x.shape()
                        + "; a side must be at least 1 and no longer than the image's");
            }
            return Shape.of(x.size(0), x.size(1) / size, x.size(2) / size, size * size * x.size(3));
        }
    }

    /** The gradient of {@link Patches}. */
    record PatchesGradient(Tensor dy, int size, Tensor dx) implements SpaceOperation, Operation.LinearGradient {
        public PatchesGradient {
            Check.shape("output gradient of patches", dy, Patches.output(dx, size));
        }
    }

    private static void requireSameButSize(String operation, Tensor x, Tensor y) {
        Check.rank("input of " + operation, x, 4, Check.IMAGE);
        Check.rank("output of " + operation, y, 4, Check.IMAGE);
        if (x.size(0) != y.size(0) || x.size(3) != y.size(3)) {
            throw new UsageException(
                    operation + " from " + x.shape() + " to " + y.shape() + ": images and channels must be as many");
        }
    }
}
