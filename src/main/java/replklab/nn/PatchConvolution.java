package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Convolution with bias whose stride is its kernel size, without padding: (n, h, w, in) to (n, h / size, w / size, out), rounded
 * down. Pixels that make no whole square are left out.
 */
public final class PatchConvolution extends Layer {
    private final Patches patches;
    private final Tensor weight;
    private final Tensor bias;

    /**
     * @param in input channels
     * @param out output channels
     * @param size side of the filters and step between them
     * @param start where the starting weights come from
     */
    public PatchConvolution(int in, int out, int size, Initialisation start) {
        int taps = size * size;
        this.patches = new Patches(size);
        this.weight = parameter(
                "weight", start.convolution(in * taps, out * taps, out, size, size, in), WeightLayout.CONVOLUTION);
        this.bias = parameter("bias", start.bias(in * taps, out), WeightLayout.PLAIN);
    }

    /** The same, starting as PyTorch's convolutions. */
    public PatchConvolution(int in, int out, int size, RandomGenerator random) {
        this(in, out, size, Initialisation.uniform(random));
    }

    @Override
    public Tensor forward(Tensor x) {
        return patches.forward(x).pointwise(flat(), bias);
    }

    @Override
    protected void fold(Folding into) {
        into.layer(patches);
        into.pointwise(flat(), bias);
    }

    /** The filters as rows, which lie in memory as the patches do: (out, size * size * in). */
    private Tensor flat() {
        Shape shape = weight.shape();
        return weight.reshape(shape.size(0), (int) (shape.elements() / shape.size(0)));
    }

    private static final class Patches extends Layer {
        private final int size;

        Patches(int size) {
            this.size = size;
        }

        @Override
        public Tensor forward(Tensor x) {
            return x.patches(size);
        }
    }
}
