package replklab.tensor;

import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.ConvolutionGradient;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwiseGradient;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.DepthwisePairGradient;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;

/** The convolutions, recorded. */
final class Convolutions {
    private Convolutions() {}

    static Tensor pointwise(Tensor x, Tensor w, Tensor bias) {
        Precision precision = Precision.current();
        Tensor y = Tensor.empty(Pointwise.output(x, w));
        Backend.run(new Pointwise(x, w, bias, Activation.NONE, null, precision, y));
        return Tape.record(
                y,
                new Tensor[] {x, w},
                (dy, wanted) -> {
                    Tensor[] g = like(wanted, x, w, bias);
                    Backend.run(new PointwiseGradient(x, w, dy, precision, g[0], g[1], g[2]));
                    return g;
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
        Tensor y = Tensor.empty(Pointwise.output(x, w));
        Backend.run(new Pointwise(x, w, bias, activation, residual, Precision.current(), y));
        return y;
    }

    static Tensor depthwise(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation) {
        if (Tape.records(x, w, bias) && activation != Activation.NONE) {
            return depthwise(x, w, bias, stride, dilation, Activation.NONE).activation(activation);
        }
        Tensor y = Tensor.empty(Depthwise.output(x, w, stride, dilation));
        Backend.run(new Depthwise(x, w, bias, stride, dilation, activation, y));
        return Tape.record(
                y,
                new Tensor[] {x, w},
                (dy, wanted) -> {
                    Tensor[] g = like(wanted, x, w, bias);
                    Backend.run(new DepthwiseGradient(x, w, stride, dilation, dy, g[0], g[1], g[2]));
                    return g;
                },
                x,
                w,
                bias);
    }

    static Tensor[] depthwisePair(Tensor x, Tensor large, Tensor small) {
        Tensor yLarge = Tensor.empty(Depthwise.output(x, large, 1, 1));
        Tensor ySmall = Tensor.empty(Depthwise.output(x, small, 1, 1));
        Backend.run(new DepthwisePair(x, large, small, yLarge, ySmall));
        return Tape.record(
                new Tensor[] {yLarge, ySmall},
                new Tensor[] {x, large, small},
                (dys, wanted) -> {
                    Tensor[] g = new Tensor[3];
                    g[0] = wanted[0] ? Tensor.empty(x.shape()) : null;
                    g[1] = wanted[1] && dys[0] != null ? Tensor.empty(large.shape()) : null;
                    g[2] = wanted[2] && dys[1] != null ? Tensor.empty(small.shape()) : null;
                    if (dys[1] == null) {
                        Backend.run(new DepthwiseGradient(x, large, 1, 1, dys[0], g[0], g[1], null));
                    } else if (dys[0] == null) {
                        Backend.run(new DepthwiseGradient(x, small, 1, 1, dys[1], g[0], g[2], null));
                    } else {
                        Backend.run(new DepthwisePairGradient(x, large, small, dys[0], dys[1], g[0], g[1], g[2]));
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
        Precision precision = Precision.current();
        Tensor y = Tensor.empty(Convolution.output(x, w, stride, dilation));
        Backend.run(new Convolution(x, w, bias, stride, dilation, activation, precision, y));
        return Tape.record(
                y,
                new Tensor[] {x, w},
                (dy, wanted) -> {
                    Tensor[] g = like(wanted, x, w, bias);
                    Backend.run(new ConvolutionGradient(x, w, stride, dilation, dy, precision, g[0], g[1], g[2]));
                    return g;
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
}
