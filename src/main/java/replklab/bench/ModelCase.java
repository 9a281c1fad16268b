package replklab.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import replklab.base.UsageException;

/**
 * A whole network on square images: inference with merged and folded weights, or a training step (forward, loss, gradients)
 * without the optimiser.
 *
 * @param model its name, as {@link BenchModels} knows it
 * @param batch images at once
 * @param resolution side of an image in pixels
 * @param pass what is computed
 */
public record ModelCase(String model, int batch, int resolution, Pass pass) implements BenchCase {
    public ModelCase {
        BenchModels.require(model);
        UsageException.requireAtLeast("batch", batch, 1);
        UsageException.requireAtLeast("resolution", resolution, 32);
    }

    @Override
    public String label() {
        return model + " batch " + batch + " at " + resolution + " " + pass.key();
    }

    @Override
    public SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", model);
        fields.put("batch", batch);
        fields.put("resolution", resolution);
        fields.put("pass", pass.key());
        return fields;
    }

    @Override
    public SequencedMap<String, String> columns() {
        SequencedMap<String, String> columns = new LinkedHashMap<>();
        columns.put("model", model);
        columns.put("batch", Integer.toString(batch));
        columns.put("pass", pass.key());
        return columns;
    }

    @Override
    public int images() {
        return batch;
    }

    @Override
    public Map<String, Object> rates(double milliseconds, FmaPeak peak) {
        return Map.of("images_per_second", imagesPerSecond(milliseconds));
    }

    @Override
    public double weight() {
        return 4 + batch * (pass == Pass.TRAINING ? 3.0 : 1.0);
    }
}
