package replklab.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import replklab.tensor.Activation;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Builds the inference form of a network from what its layers say they compute, one step after the other ({@link
 * Layer#fold}):
 *
 * <ul>
 *   <li>a batch norm after a convolution changes the convolution's weights and bias;
 *   <li>one before a pointwise convolution or a linear layer does so too, also across a global average pooling. Before a
 *       padded convolution it cannot, since the padding would be normed as well: it becomes a 1x1 depthwise convolution;
 *   <li>an activation after a convolution is computed in the convolution's pass;
 *   <li>a shortcut around layers of which the last is a pointwise convolution is added in that one's pass.
 * </ul>
 */
public final class Folding {
    private final List<Layer> done = new ArrayList<>();

    /** The convolution that the next steps may still change, or null. */
    private FusedConvolution.Draft convolution;

    /** A norm that waits for a pointwise convolution, or null; there is no convolution then. */
    private Affine norm;

    private Folding() {}

    static Layer of(Layer network) {
        Folding folding = new Folding();
        folding.layer(network);
        folding.flush();
        return new Sequential(folding.done);
    }

    /** All steps of another layer. */
    public void layer(Layer layer) {
        layer.fold(this);
    }

    /** A pointwise convolution or a linear layer; {@code weight} (out, in), {@code bias} (out) or null. */
    public void pointwise(Tensor weight, Tensor bias) {
        Affine before = norm;
        norm = null;
        begin(FusedConvolution.Draft.pointwise(weight, bias));
        if (before != null) {
            convolution.normBefore(before);
        }
    }

    /** A depthwise convolution; {@code weight} (kernel, kernel, channels), {@code bias} (channels) or null. */
    public void depthwise(Tensor weight, Tensor bias, int stride, int dilation) {
        begin(FusedConvolution.Draft.depthwise(weight, bias, stride, dilation));
    }

    /** A full convolution; {@code weight} (out, kernel, kernel, in), {@code bias} (out) or null. */
    public void convolution(Tensor weight, Tensor bias, int stride, int dilation) {
        begin(FusedConvolution.Draft.convolution(weight, bias, stride, dilation));
    }

    /** A batch norm, or anything else that scales and shifts channels. */
    public void affine(Affine affine) {
        if (convolution != null && convolution.isLinear()) {
            convolution.normAfter(affine);
        } else {
            flushConvolution();
            norm = norm == null ? affine : norm.then(affine);
        }
    }

    /** An elementwise non-linearity. */
    public void activation(Activation activation) {
        if (activation == Activation.NONE) {
            return;
        }
        flushNorm();
        if (convolution != null && convolution.isLinear()) {
            convolution.activate(activation);
        } else {
            flushConvolution();
            done.add(new Elementwise(activation));
        }
    }

    /** The mean over height and width: (n, h, w, c) to (n, c). */
    public void globalAveragePool() {
        flushConvolution(); // a norm goes on waiting: the mean of what it norms is the norm of the mean
        done.add(new GlobalAveragePool());
    }

    /** Steps around which their input is led and added to their output. */
    public void residual(Consumer<Folding> steps) {
        flush();
        Folding body = new Folding();
        steps.accept(body);
        body.flushNorm();
        boolean fused = body.convolution != null && body.convolution.takesResidual();
        FusedConvolution last = fused ? body.convolution.finish() : null;
        if (!fused) {
            body.flushConvolution();
        }
        done.add(new Residual(body.done, last));
    }

    /** A layer that cannot be folded: it runs as it is, with its own weights, and must be in evaluation mode then. */
    public void keep(Layer layer) {
        flush();
        done.add(new Kept(layer));
    }

    private void begin(FusedConvolution.Draft next) {
        flush();
        convolution = next;
    }

    private void flush() {
        flushNorm();
        flushConvolution();
    }

    private void flushConvolution() {
        if (convolution != null) {
            done.add(convolution.finish());
            convolution = null;
        }
    }

    /** Turns a waiting norm into a convolution of its own. */
    private void flushNorm() {
        if (norm != null) {
            convolution = FusedConvolution.Draft.affine(norm);
            norm = null;
        }
    }

    /** An activation that no convolution could take. */
    private static final class Elementwise extends Layer {
        private final Activation activation;

        Elementwise(Activation activation) {
            this.activation = activation;
        }

        @Override
        public Tensor forward(Tensor x) {
            return x.activation(activation);
        }
    }

    private static final class GlobalAveragePool extends Layer {
        @Override
        public Tensor forward(Tensor x) {
            return x.globalAveragePool();
        }
    }

    /** Steps with a shortcut around them. */
    private static final class Residual extends Layer {
        private final Layer body;
        private final FusedConvolution last;

        /** With {@code last}, a step after the body that adds the shortcut in its own pass; null for none. */
        Residual(List<Layer> body, FusedConvolution last) {
            this.body = child("body", new Sequential(body));
            this.last = last == null ? null : child("last", last);
        }

        @Override
        public Tensor forward(Tensor x) {
            return Tape.block(() -> {
                Tensor y = body.forward(x);
                return last == null ? x.add(y) : last.forward(y, x);
            });
        }
    }

    /** A layer that runs as it is. */
    private static final class Kept extends Layer {
        private final Layer layer;

        Kept(Layer layer) {
            this.layer = child("layer", layer);
        }

        @Override
        public Tensor forward(Tensor x) {
            if (layer.isTraining()) {
                throw new IllegalStateException(layer.getClass().getSimpleName()
                        + " is in training mode; a folded network needs it in evaluation mode: train(false)");
            }
            return layer.forward(x);
        }
    }
}
