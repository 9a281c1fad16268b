package replklab.tensor;

import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;

/** Convolutions with 'same' padding, and their gradients. Filters are square and odd. */
public sealed interface ConvolutionOperation extends Operation {
    /**
     * Pointwise (1x1) convolution, also the linear layer: y = activation(x wᵀ + bias) + residual over rows.
     *
     * @param x (..., in)
     * @param w (out, in)
     * @param bias (out), or null
     * @param activation of the sum, before the residual
     * @param residual shaped like {@code y}, or null
     * @param precision of the numbers that are multiplied
     * @param y (..., out)
     */
    record Pointwise(
            Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual, Precision precision, Tensor y)
            implements ConvolutionOperation {
        public Pointwise {
            Shape output = output(x, w);
            Check.channels("bias", bias, w.size(0));
            Check.shape("residual of a pointwise convolution", residual, output);
            Check.shape("output of a pointwise convolution", y, output);
        }

        static Shape output(Tensor x, Tensor w) {
            Check.rank("pointwise weight", w, 2, "(out, in)");
            requireChannels("pointwise", x, w.size(1));
            return x.shape().withChannels(w.size(0));
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, w, bias, residual};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** The gradient of {@link Pointwise} without activation and residual. */
    record PointwiseGradient(Tensor x, Tensor w, Tensor dy, Precision precision, Tensor dx, Tensor dw, Tensor dbias)
            implements ConvolutionOperation, Operation.Gradient {
        public PointwiseGradient {
            requireGradients("pointwise", x, w, Pointwise.output(x, w), dy, dx, dw);
            Check.channels("bias gradient", dbias, w.size(0));
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, w, dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dw, dbias};
        }
    }

    /**
     * Depthwise convolution, then an activation.
     *
     * @param x (n, h, w, channels)
     * @param w (kernel, kernel, channels)
     * @param bias (channels), or null
     * @param y (n, h / stride, w / stride, channels), rounded up
     */
    record Depthwise(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y)
            implements ConvolutionOperation {
        public Depthwise {
            Shape output = output(x, w, stride, dilation);
            Check.channels("bias", bias, w.size(2));
            Check.shape("output of a depthwise convolution", y, output);
        }

        static Shape output(Tensor x, Tensor w, int stride, int dilation) {
            Check.rank("depthwise input", x, 4, Check.IMAGE);
            Check.rank("depthwise weight", w, 3, "(kernel, kernel, channels)");
            requireSquare(w.size(0), w.size(1));
            requireChannels("depthwise", x, w.size(2));
            ConvolutionShape s = shape(x, w.size(0), stride, dilation);
            return Shape.of(s.batch(), s.outHeight(), s.outWidth(), s.channels());
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, w, bias};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** The gradient of {@link Depthwise} without activation. */
    record DepthwiseGradient(
            Tensor x, Tensor w, int stride, int dilation, Tensor dy, Tensor dx, Tensor dw, Tensor dbias)
            implements ConvolutionOperation, Operation.Gradient {
        public DepthwiseGradient {
            requireGradients("depthwise", x, w, Depthwise.output(x, w, stride, dilation), dy, dx, dw);
            Check.channels("bias gradient", dbias, w.size(2));
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, w, dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dw, dbias};
        }
    }

    /**
     * A large and a small depthwise convolution of the same input, stride 1, without bias: the training-time form of
     * structural re-parameterisation (paper section 3, guideline 3). A backend may share work between the two.
     *
     * @param x (n, h, w, channels)
     * @param large (kernel, kernel, channels)
     * @param small (kernel, kernel, channels)
     * @param yLarge shaped like {@code x}
     * @param ySmall shaped like {@code x}
     */
    record DepthwisePair(Tensor x, Tensor large, Tensor small, Tensor yLarge, Tensor ySmall)
            implements ConvolutionOperation {
        public DepthwisePair {
            Check.shape("output of a depthwise convolution", yLarge, Depthwise.output(x, large, 1, 1));
            Check.shape("output of a depthwise convolution", ySmall, Depthwise.output(x, small, 1, 1));
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, large, small};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {yLarge, ySmall};
        }
    }

    /** The gradient of {@link DepthwisePair}; {@code dx} is the sum of both parts. */
    record DepthwisePairGradient(
            Tensor x,
            Tensor large,
            Tensor small,
            Tensor dyLarge,
            Tensor dySmall,
            Tensor dx,
            Tensor dlarge,
            Tensor dsmall)
            implements ConvolutionOperation, Operation.Gradient {
        public DepthwisePairGradient {
            requireGradients("depthwise", x, large, Depthwise.output(x, large, 1, 1), dyLarge, dx, dlarge);
            requireGradients("depthwise", x, small, Depthwise.output(x, small, 1, 1), dySmall, dx, dsmall);
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, large, small, dyLarge, dySmall};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dlarge, dsmall};
        }
    }

    /**
     * Full convolution, then an activation.
     *
     * @param x (n, h, w, in)
     * @param w (out, kernel, kernel, in)
     * @param bias (out), or null
     * @param precision of the numbers that are multiplied
     * @param y (n, h / stride, w / stride, out), rounded up
     */
    record Convolution(
            Tensor x,
            Tensor w,
            Tensor bias,
            int stride,
            int dilation,
            Activation activation,
            Precision precision,
            Tensor y)
            implements ConvolutionOperation {
        public Convolution {
            Shape output = output(x, w, stride, dilation);
            Check.channels("bias", bias, w.size(0));
            Check.shape("output of a convolution", y, output);
        }

        static Shape output(Tensor x, Tensor w, int stride, int dilation) {
            Check.rank("convolution input", x, 4, Check.IMAGE);
            Check.rank("convolution weight", w, 4, "(out, kernel, kernel, in)");
            requireSquare(w.size(1), w.size(2));
            requireChannels("convolution", x, w.size(3));
            ConvolutionShape s = shape(x, w.size(1), stride, dilation);
            return Shape.of(s.batch(), s.outHeight(), s.outWidth(), w.size(0));
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, w, bias};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {y};
        }
    }

    /** The gradient of {@link Convolution} without activation. */
    record ConvolutionGradient(
            Tensor x,
            Tensor w,
            int stride,
            int dilation,
            Tensor dy,
            Precision precision,
            Tensor dx,
            Tensor dw,
            Tensor dbias)
            implements ConvolutionOperation, Operation.Gradient {
        public ConvolutionGradient {
            requireGradients("convolution", x, w, Convolution.output(x, w, stride, dilation), dy, dx, dw);
            Check.channels("bias gradient", dbias, w.size(0));
        }

        @Override
        public Tensor[] reads() {
            return new Tensor[] {x, w, dy};
        }

        @Override
        public Tensor[] writes() {
            return new Tensor[] {dx, dw, dbias};
        }
    }

    /** The shape of a depthwise convolution, and but for the output channels of a full one: its rules are checked there. */
    static ConvolutionShape shape(Tensor x, int kernel, int stride, int dilation) {
        return new ConvolutionShape(x.size(0), x.size(1), x.size(2), x.size(3), kernel, stride, dilation);
    }

    private static void requireGradients(
            String operation, Tensor x, Tensor w, Shape output, Tensor dy, Tensor dx, Tensor dw) {
        Check.shape("output gradient of a " + operation + " convolution", dy, output);
        Check.shape("input gradient of a " + operation + " convolution", dx, x.shape());
        Check.shape("weight gradient of a " + operation + " convolution", dw, w.shape());
    }

    private static void requireSquare(int height, int width) {
        if (height != width) {
            throw new UsageException("filter is " + height + "x" + width + "; filters are square");
        }
    }

    private static void requireChannels(String operation, Tensor x, int channels) {
        if (x.shape().channels() != channels) {
            throw new UsageException(operation + " input has shape " + x.shape()
                    + "; its last axis must be the weight's " + channels + " input channels");
        }
    }
}
