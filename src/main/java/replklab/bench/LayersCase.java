package replklab.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import replklab.base.UsageException;

/**
 * Inference through depthwise layers in a row and nothing between them, as in the paper's table 1.
 *
 * @param layers how many
 * @param layer each of them; its pass is forward
 */
public record LayersCase(int layers, ConvCase layer) implements BenchCase {
    static final String LAYERS = "layers";

    public LayersCase {
        UsageException.requireAtLeast(LAYERS, layers, 1);
        if (layer.pass() != Pass.FORWARD) {
            throw new IllegalArgumentException("layers in a row are measured forward, not in " + layer.pass());
        }
    }

    @Override
    public String label() {
        return layers + " layers " + layer.label();
    }

    @Override
    public Pass pass() {
        return layer.pass();
    }

    @Override
    public SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        fields.put(LAYERS, layers);
        fields.putAll(layer.fields());
        return fields;
    }

    @Override
    public SequencedMap<String, String> columns() {
        SequencedMap<String, String> columns = layer.columns();
        columns.putFirst(LAYERS, Integer.toString(layers));
        return columns;
    }

    @Override
    public int images() {
        return layer.images();
    }

    /** Multiplications by pixels of the image in all layers, see {@link ConvCase#validMacs}. */
    public long validMacs() {
        return layers * layer.validMacs();
    }

    @Override
    public Map<String, Object> rates(double milliseconds, FmaPeak peak) {
        return Map.of("gflops", 2e-6 * validMacs() / milliseconds);
    }

    @Override
    public double weight() {
        return layers * layer.weight();
    }
}
