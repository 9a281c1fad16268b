package replklab.tensor;

import replklab.base.UsageException;
import replklab.conv.DepthwiseShape;

/** The convolutions as recorded operations: shapes checked, gradients handed to the backend. */
final class Convolutions {
    private Convolutions() {}

    static Tensor pointwise(Tensor x, Tensor w, Tensor bias) {
        Tensor y = pointwiseOutput(x, w, bias);
        Backend backend = Backend.current();
        backend.pointwise(x, w, bias, Activation.NONE, null, y);
        return Tape.record(
                y,
                new Tensor[] {x, w},
                (dy, wanted) -> {
                    Tensor[] gradients = like(wanted, x, w, bias);
                    backend.pointwiseGradient(x, w, dy, gradients[0], gradients[1], gradients[2]);
                    return gradients;
                },
                x,
                w,
                bias);
    }

    /** One pass where nothing is recorded, else the recorded operations that it is made of. */
    static Tensor pointwise(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual) {
        if (Tape.records(x, w, bias, residual)) {
            Tensor y = pointwise(x, w, bias).activation(activation);
            return residual == null ? y : y.add(residual);
        }
        Tensor y = pointwiseOutput(x, w, bias);
        if (residual != null) {
            Tensor.requireSameShape("pointwise convolution and residual", y, residual);
        }
        Backend.current().pointwise(x, w, bias, activation, residual, y);
        return y;
    }

    private static Tensor pointwiseOutput(Tensor x, Tensor w, Tensor bias) {
        requireRank("pointwise weight", w, 2, "(out, in)");
        requireChannels("pointwise", x, w.size(1));
        requireBias(bias, w.size(0));
        return Tensor.empty(x.shape().withChannels(w.size(0)));
    }

    static Tensor depthwise(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation) {
        if (Tape.records(x, w, bias) && activation != Activation.NONE) {
            return depthwise(x, w, bias, stride, dilation, Activation.NONE).activation(activation);
        }
        Backend backend = Backend.current();
        Tensor y = depthwiseOutput(x, w, bias, stride, dilation);
        backend.depthwise(x, w, bias, stride, dilation, activation, y);
        return Tape.record(
                y,
                new Tensor[] {x, w},
                (dy, wanted) -> {
                    Tensor[] gradients = like(wanted, x, w, bias);
                    backend.depthwiseGradient(x, w, stride, dilation, dy, gradients[0], gradients[1], gradients[2]);
                    return gradients;
                },
                x,
                w,
                bias);
    }

    private static Tensor depthwiseOutput(Tensor x, Tensor w, Tensor bias, int stride, int dilation) {
        requireRank("depthwise input", x, 4, "(batch, height, width, channels)");
        requireRank("depthwise weight", w, 3, "(kernel, kernel, channels)");
        requireSquare(w.size(0), w.size(1));
        requireChannels("depthwise", x, w.size(2));
        requireBias(bias, w.size(2));
        DepthwiseShape s = new DepthwiseShape(x.size(0), x.size(1), x.size(2), x.size(3), w.size(0), stride, dilation);
        return Tensor.empty(Shape.of(s.batch(), s.outHeight(), s.outWidth(), s.channels()));
    }

    static Tensor[] depthwisePair(Tensor x, Tensor large, Tensor small) {
        Backend backend = Backend.current();
        Tensor yLarge = depthwiseOutput(x, large, null, 1, 1);
        Tensor ySmall = depthwiseOutput(x, small, null, 1, 1);
        backend.depthwisePair(x, large, small, yLarge, ySmall);
        return Tape.record(
                new Tensor[] {yLarge, ySmall},
                new Tensor[] {x, large, small},
                (dys, wanted) -> {
                    Tensor[] g = new Tensor[3];
                    g[0] = wanted[0] ? Tensor.empty(x.shape()) : null;
                    g[1] = wanted[1] && dys[0] != null ? Tensor.empty(large.shape()) : null;
                    g[2] = wanted[2] && dys[1] != null ? Tensor.empty(small.shape()) : null;
                    if (dys[1] == null) {
                        backend.depthwiseGradient(x, large, 1, 1, dys[0], g[0], g[1], null);
                    } else if (dys[0] == null) {
                        backend.depthwiseGradient(x, small, 1, 1, dys[1], g[0], g[2], null);
                    } else {
                        backend.depthwisePairGradient(x, large, small, dys[0], dys[1], g[0], g[1], g[2]);
                    }
                    return g;
                },
                x,
                large,
                small);
    }

    static Tensor convolution(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation) {
        if (Tape.records(x, w, bias) && activation != Activation.NONE) {
            return convolution(x, w, bias, stride, dilation, Activation.NONE).activation(activation);
        }
        requireRank("convolution input", x, 4, "(batch, height, width, channels)");
        requireRank("convolution weight", w, 4, "(out, kernel, kernel, in)");
        requireSquare(w.size(1), w.size(2));
        requireChannels("convolution", x, w.size(3));
        requireBias(bias, w.size(0));
        // The shape of a full convolution is a depthwise one's but for the channels; its rules are checked there.
        DepthwiseShape s = new DepthwiseShape(x.size(0), x.size(1), x.size(2), x.size(3), w.size(1), stride, dilation);
        Backend backend = Backend.current();
        Tensor y = Tensor.empty(Shape.of(s.batch(), s.outHeight(), s.outWidth(), w.size(0)));
        backend.convolution(x, w, bias, stride, dilation, activation, y);
        return Tape.record(
                y,
                new Tensor[] {x, w},
                (dy, wanted) -> {
                    Tensor[] gradients = like(wanted, x, w, bias);
                    backend.convolutionGradient(x, w, stride, dilation, dy, gradients[0], gradients[1], gradients[2]);
                    return gradients;
                },
                x,
                w,
                bias);
    }

    /** An empty tensor for each input whose gradient is wanted, null for the others. */
    static Tensor[] like(boolean[] wanted, Tensor... inputs) {
        Tensor[] gradients = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            gradients[i] = wanted[i] ? Tensor.empty(inputs[i].shape()) : null;
        }
        return gradients;
    }

    static void requireRank(String what, Tensor tensor, int rank, String axes) {
        if (tensor.shape().rank() != rank) {
            throw new UsageException(what + " has shape " + tensor.shape() + "; it must be " + axes);
        }
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

    private static void requireBias(Tensor bias, int channels) {
        if (bias != null && !bias.shape().equals(Shape.of(channels))) {
            throw new UsageException("bias has shape " + bias.shape() + "; it must be (" + channels + ")");
        }
    }
}
