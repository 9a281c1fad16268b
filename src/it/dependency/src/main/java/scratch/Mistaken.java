package scratch;

import java.util.List;
import java.util.Map;
import replklab.data.TrainTest;
import replklab.experiment.Probe;
import replklab.nn.Layer;
import replklab.stats.Metric;
import replklab.tensor.Tensor;

/** A probe of one's own: how many test images a network takes for the other class. */
final class Mistaken implements Probe {
    @Override
    public List<Metric> metrics() {
        return List.of(new Metric("mistaken", "mistaken images", "", 0));
    }

    @Override
    public Map<String, Double> ask(Layer model, TrainTest data) {
        double mistaken = 0;
        float[] pixels = new float[data.test().shape().pixels()];
        for (int i = 0; i < data.test().size(); i++) {
            data.test().read(i, pixels, 0);
            float[] logits = model.forward(Tensor.of(pixels, 1, 12, 12, 1)).toArray();
            mistaken += (logits[1] > logits[0] ? 1 : 0) == data.test().label(i) ? 0 : 1;
        }
        return Map.of("mistaken", mistaken);
    }
}
