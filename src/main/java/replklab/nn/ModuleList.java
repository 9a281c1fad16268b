package replklab.nn;

import java.util.List;
import replklab.tensor.Tensor;

/** Layers that a network calls one by one, in whatever order: the list gives them their names, which are their indices. */
public final class ModuleList extends Layer {
    public ModuleList(List<? extends Layer> layers) {
        for (int i = 0; i < layers.size(); i++) {
            child(String.valueOf(i), layers.get(i));
        }
    }

    /** @throws UnsupportedOperationException as there is no order to run them in; {@link Sequential} has one */
    @Override
    public Tensor forward(Tensor x) {
        throw new UnsupportedOperationException(
                "a ModuleList only names its layers: call them, or make it a Sequential");
    }
}
