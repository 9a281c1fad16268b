package replklab.nn;

import java.util.Arrays;
import replklab.tensor.Activation;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** A convolution with bias and the activation (and shortcut) after it in one pass, its weights frozen. */
final class FusedConvolution extends Layer {
    /** The kinds of convolution. */
    private enum Kind {
        POINTWISE(WeightLayout.POINTWISE),
        DEPTHWISE(WeightLayout.DEPTHWISE),
        FULL(WeightLayout.CONVOLUTION);

        private final WeightLayout layout;

        Kind(WeightLayout layout) {
            this.layout = layout;
        }
    }

    private final Kind kind;
    private final Tensor weight;
    private final Tensor bias;
    private final int stride;
    private final int dilation;
    private final Activation activation;

    private FusedConvolution(Draft draft) {
        this.kind = draft.kind;
        this.weight = buffer("weight", frozen(draft.weight, draft.shape.toArray()), kind.layout);
        this.bias = buffer("bias", frozen(draft.bias, draft.bias.length));
        this.stride = draft.stride;
        this.dilation = draft.dilation;
        this.activation = draft.activation;
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, null);
    }

    /** The output plus {@code residual}, which only a pointwise convolution adds; null for none. */
    Tensor forward(Tensor x, Tensor residual) {
        return switch (kind) {
            case POINTWISE -> x.pointwise(weight, bias, activation, residual);
            case DEPTHWISE -> depthwise(x);
            case FULL -> x.convolution(weight, bias, stride, dilation, activation);
        };
    }

    private Tensor depthwise(Tensor x) {
        if (x.shape().rank() == 2) { // what a linear layer or a pooling left: images of one pixel
            int rows = x.size(0);
            return depthwise(x.reshape(rows, 1, 1, x.size(1))).reshape(rows, x.size(1));
        }
        return x.depthwise(weight, bias, stride, dilation, activation);
    }

    private static Tensor frozen(double[] values, int... sizes) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return Tensor.of(rounded, sizes).freeze();
    }

    /** A convolution that norms are still folded into, in double precision. */
    static final class Draft {
        private final Kind kind;
        private final Shape shape;
        private final double[] weight;
        private final double[] bias;
        private final int stride;
        private final int dilation;
        private Activation activation = Activation.NONE;

        private Draft(Kind kind, Shape shape, double[] weight, double[] bias, int stride, int dilation) {
            this.kind = kind;
            this.shape = shape;
            this.weight = weight;
            this.bias = bias;
            this.stride = stride;
            this.dilation = dilation;
        }

        static Draft pointwise(Tensor weight, Tensor bias) {
            return of(Kind.POINTWISE, weight, bias, weight.size(0), 1, 1);
        }

        static Draft depthwise(Tensor weight, Tensor bias, int stride, int dilation) {
            return of(Kind.DEPTHWISE, weight, bias, weight.size(2), stride, dilation);
        }

        static Draft convolution(Tensor weight, Tensor bias, int stride, int dilation) {
            return of(Kind.FULL, weight, bias, weight.size(0), stride, dilation);
        }

        /** The 1x1 depthwise convolution that an affine map is. */
        static Draft affine(Affine map) {
            return new Draft(
                    Kind.DEPTHWISE,
                    Shape.of(1, 1, map.channels()),
                    map.scale().clone(),
                    map.shift().clone(),
                    1,
                    1);
        }

        private static Draft of(Kind kind, Tensor weight, Tensor bias, int out, int stride, int dilation) {
            double[] shift = bias == null ? new double[out] : doubles(bias);
            return new Draft(kind, weight.shape(), doubles(weight), shift, stride, dilation);
        }

        private static double[] doubles(Tensor tensor) {
            float[] values = tensor.toArray();
            double[] wide = new double[values.length];
            Arrays.setAll(wide, i -> values[i]);
            return wide;
        }

        /** Whether no activation stands between the convolution and what comes next. */
        boolean isLinear() {
            return activation == Activation.NONE;
        }

        /** Whether the output can be added to a shortcut in the same pass. */
        boolean takesResidual() {
            return kind == Kind.POINTWISE;
        }

        void activate(Activation next) {
            activation = next;
        }

        /** s (W x + b) + t = (s W) x + (s b + t). */
        void normAfter(Affine norm) {
            norm.requireChannels(bias.length);
            int inner =
                    kind == Kind.DEPTHWISE ? 1 : weight.length / bias.length; // weights of one output that lie together
            for (int i = 0; i < weight.length; i++) {
                weight[i] *= norm.scale()[i / inner % bias.length];
            }
            for (int c = 0; c < bias.length; c++) {
                bias[c] = norm.scale()[c] * bias[c] + norm.shift()[c];
            }
        }

        /** W (s x + t) + b = (W s) x + (W t + b); only without padding, so only for a pointwise convolution. */
        void normBefore(Affine norm) {
            int in = shape.size(1);
            norm.requireChannels(in);
            for (int out = 0; out < bias.length; out++) {
                for (int c = 0; c < in; c++) {
                    bias[out] += weight[out * in + c] * norm.shift()[c];
                    weight[out * in + c] *= norm.scale()[c];
                }
            }
        }

        FusedConvolution finish() {
            return new FusedConvolution(this);
        }
    }
}
