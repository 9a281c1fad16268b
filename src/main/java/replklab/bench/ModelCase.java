package replklab.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import replklab.base.UsageException;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Precision;

/**
 * A whole network on square images: inference with merged and folded weights, or a training step (forward, loss, gradients)
 * without the optimiser.
 *
 * @param model its name, as {@link Architecture#parse} knows it, or one of {@link PeerNetworks}
 * @param shown what it is called in tables
 * @param batch images at once
 * @param resolution side of an image in pixels
 * @param precision of the products
 * @param pass what is computed
 */
public record ModelCase(String model, String shown, int batch, int resolution, Precision precision, Pass pass)
        implements BenchCase {
    /** Swin-B, which only the peers have. */
    public static final String SWIN_B = PeerNetworks.SWIN_B;

    /** What is measured by default. */
    static final String DEFAULT = "replknet-31b";

    /** The field that says of what numbers the products are. */
    static final String PRECISION = "precision";

    private static final int SMALLEST = 16;

    /**
     * The network of a case, with random weights.
     *
     * @param model its name
     * @param resolution side of the images
     * @param folded for inference: merged and folded; otherwise as it is trained
     */
    record Network(String model, int resolution, boolean folded) {
        static Network of(Map<String, Object> fields) {
            boolean training = fields.get("pass").equals(Pass.TRAINING.key());
            return new Network((String) fields.get("model"), (int) fields.get("resolution"), !training);
        }

        int inputChannels() {
            return architecture().inputChannels();
        }

        /** A new one, in training mode unless folded. */
        Layer layer() {
            Layer made = architecture()
                    .network(
                            folded ? KernelForm.MERGED : KernelForm.TRAINING,
                            Initialisation.uniform(new SplittableRandom(1)));
            return folded ? made.folded() : made.train(true);
        }

        private Architecture architecture() {
            return Architecture.parse(model);
        }
    }

    public ModelCase {
        if (PeerNetworks.has(model)) {
            PeerNetworks.check(model, resolution);
        } else {
            Architecture.parse(model);
        }
        UsageException.requireAtLeast("batch", batch, 1);
        UsageException.requireAtLeast("resolution", resolution, SMALLEST);
    }

    /** One that is called by its name. */
    public ModelCase(String model, int batch, int resolution, Precision precision, Pass pass) {
        this(model, model, batch, resolution, precision, pass);
    }

    Network network() {
        return Network.of(fields());
    }

    @Override
    public String label() {
        return shown + " batch " + batch + " at " + resolution + " " + pass.key() + inPrecision();
    }

    /** {@code " in bfloat16"}; float32 goes without saying. */
    String inPrecision() {
        return precision == Precision.FLOAT32 ? "" : " in " + precision;
    }

    @Override
    public SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", model);
        if (!shown.equals(model)) {
            fields.put("shown", shown);
        }
        fields.put("batch", batch);
        fields.put("resolution", resolution);
        fields.put(PRECISION, precision.toString());
        fields.put("pass", pass.key());
        return fields;
    }

    @Override
    public SequencedMap<String, String> columns() {
        SequencedMap<String, String> columns = new LinkedHashMap<>();
        columns.put("model", shown);
        columns.put("batch", Integer.toString(batch));
        columns.put(PRECISION, precision.toString());
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
