package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import replklab.analysis.LayerTimes;
import replklab.nn.Layer;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** Our networks: inference with folded weights, or a training step without the optimiser. */
final class ModelWorkload implements Workload {
    /** That every classifier has. */
    private static final int CLASSES = 2;

    private static final int PROFILED_RUNS = 5;

    @Override
    public String version() {
        return "";
    }

    @Override
    public Prepared prepare(BenchCase what, JsonNode told) {
        ModelCase wanted = (ModelCase) what;
        if (PeerNetworks.has(wanted.model())) {
            throw new LeftOutException("the library has no " + wanted.model());
        }
        boolean training = wanted.pass() == Pass.TRAINING;
        ModelCase.Network network = wanted.network();
        Layer model = network.layer();
        int side = wanted.resolution();
        Tensor images = Tensor.normal(new SplittableRandom(2), 1, wanted.batch(), side, side, network.inputChannels());
        Targets labels = Targets.labels(
                IntStream.range(0, wanted.batch()).map(i -> i % CLASSES).toArray());
        Runnable alone = training ? () -> step(model, images, labels) : () -> infer(model, images);
        Runnable pass = () -> wanted.precision().in(() -> {
            alone.run();
            return null;
        });
        return new Prepared() {
            @Override
            public void run() {
                pass.run();
            }

            @Override
            public Map<String, Double> layers() {
                Map<String, Double> times = new LinkedHashMap<>();
                LayerTimes.measure(pass, PROFILED_RUNS)
                        .kinds()
                        .forEach(kind -> times.put(kind.name(), kind.milliseconds()));
                return times;
            }
        };
    }

    private static void infer(Layer model, Tensor images) {
        try (Tape _ = Tape.inference()) {
            model.forward(images);
        }
    }

    private static void step(Layer model, Tensor images, Targets labels) {
        try (Tape tape = Tape.training(1)) {
            tape.backward(model.forward(images).crossEntropy(labels));
        }
    }
}
