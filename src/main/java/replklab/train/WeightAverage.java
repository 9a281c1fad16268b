package replklab.train;

import java.util.LinkedHashMap;
import java.util.Map;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.Tensor;

/** Exponential moving average (EMA) of a model's parameters and buffers. */
public final class WeightAverage {
    private final Layer model;
    private final float decay;
    private final Map<String, Tensor> averages = new LinkedHashMap<>();

    /** Starts at the model's present values. */
    public WeightAverage(Layer model, double decay) {
        this.model = model;
        this.decay = (float) decay;
        model.state()
                .forEach(
                        (name, variable) -> averages.put(name, variable.tensor().copy()));
    }

    /** Moves the averages towards the model: after each step. */
    public void update() {
        model.state().forEach((name, variable) -> {
            Tensor average = averages.get(name);
            Backend.run(new Combine(decay, average, 1 - decay, variable.tensor(), average));
        });
    }

    /** The averages by name: the very tensors. */
    public Map<String, Tensor> state() {
        return averages;
    }

    /** Exchanges the model's values and the averages; called twice, everything is as before. */
    public void swap() {
        model.state().forEach((name, variable) -> variable.tensor().exchange(averages.get(name)));
    }
}
