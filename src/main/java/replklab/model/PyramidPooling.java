package replklab.model;

import java.util.ArrayList;
import java.util.List;
import replklab.nn.ConvBn;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.ModuleList;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/**
 * Pyramid pooling (Zhao et al. 2017): means over grids of several sizes, each with a pointwise convolution and resized back, beside
 * the input; a 3x3 convolution puts them together. (n, h, w, in) to (n, h, w, channels).
 */
public final class PyramidPooling extends Layer {
    private final List<Integer> scales;
    private final List<Layer> pooled;
    private final Layer bottleneck;

    /**
     * @param in input channels
     * @param channels of each pooled part, and output channels
     * @param scales sides of the grids
     * @param start where the starting weights come from
     */
    public PyramidPooling(int in, int channels, List<Integer> scales, Initialisation start) {
        this(
                scales,
                scales.stream()
                        .<Layer>map(_ -> ConvBn.pointwise(in, channels, Activation.RELU, start))
                        .toList(),
                ConvBn.full(in + scales.size() * channels, channels, 3, Activation.RELU, start));
    }

    private PyramidPooling(List<Integer> scales, List<Layer> pooled, Layer bottleneck) {
        this.scales = List.copyOf(scales);
        this.pooled = pooled;
        this.bottleneck = child("bottleneck", bottleneck);
        child("pooled", new ModuleList(pooled));
    }

    @Override
    public Tensor forward(Tensor x) {
        List<Tensor> parts = new ArrayList<>(List.of(x));
        for (int i = 0; i < scales.size(); i++) {
            Tensor cells = pooled.get(i).forward(x.adaptiveAveragePool(scales.get(i), scales.get(i)));
            parts.add(cells.resizeBilinear(x.size(1), x.size(2)));
        }
        return bottleneck.forward(Tensor.concatenate(parts.toArray(Tensor[]::new)));
    }

    @Override
    protected void fold(Folding into) {
        into.keep(new PyramidPooling(scales, pooled.stream().map(Layer::folded).toList(), bottleneck.folded()));
    }
}
