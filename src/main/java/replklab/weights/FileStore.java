package replklab.weights;

import java.nio.file.Path;
import java.util.Map;
import replklab.nn.Layer;
import replklab.nn.WeightsStore;

/** What networks save themselves with; the service loader makes it. */
public final class FileStore implements WeightsStore {
    /** Made by the service loader. */
    public FileStore() {}

    @Override
    public void save(Layer network, Path file) {
        Weights.save(network, file, Map.of());
    }

    @Override
    public void load(Layer network, Path file) {
        Weights.load(network, file);
    }
}
