package replklab.nn;

import java.util.List;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Layers one after the other, named by their index; a part of a network that is no more than that extends it. What they hand
 * to each other cannot be used afterwards (see {@link Tape#block}).
 */
public class Sequential extends Layer {
    private final List<Layer> layers;

    public Sequential(List<? extends Layer> layers) {
        this.layers = List.copyOf(layers);
        for (int i = 0; i < layers.size(); i++) {
            child(String.valueOf(i), layers.get(i));
        }
    }

    @Override
    public final Tensor forward(Tensor x) {
        return Tape.block(() -> {
            Tensor y = x;
            for (Layer layer : layers) {
                y = layer.forward(y);
            }
            return y;
        });
    }

    @Override
    protected final void fold(Folding into) {
        layers.forEach(into::layer);
    }
}
