package replklab.train;

import java.util.LinkedHashMap;
import java.util.Map;
import replklab.tensor.Backend;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Tensor;

/** Stochastic gradient descent with momentum and weight decay in the gradient, as in every framework. */
public final class Sgd extends Optimiser {
    private final Map<String, Tensor> velocities;
    private final float momentum;
    private final float weightDecay;

    public Sgd(Map<String, Tensor> parameters, double momentum, double weightDecay) {
        super(parameters);
        this.velocities = zerosLike(parameters);
        this.momentum = (float) momentum;
        this.weightDecay = (float) weightDecay;
    }

    @Override
    protected void update(String name, Tensor parameter, Tensor gradient, float rate, float scale) {
        float decay = isDecayed(parameter) ? weightDecay : 0;
        Backend.run(new OptimiserStep.Sgd(parameter, gradient, velocities.get(name), scale, rate, momentum, decay));
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        velocities.forEach((name, velocity) -> state.put(name + ".velocity", velocity));
        return state;
    }

    @Override
    public void resumeAt(long steps) {
        // The velocities are all there is.
    }
}
