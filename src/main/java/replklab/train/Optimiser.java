package replklab.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.tensor.Backend;
import replklab.tensor.Reduction.SumOfSquares;
import replklab.tensor.Tensor;

/** Moves parameters along their gradients. Parameters with one axis, norms and biases, are not decayed. */
public abstract class Optimiser {
    private final Map<String, Tensor> parameters;

    /** An optimiser for a model's parameters by name. */
    protected Optimiser(Map<String, Tensor> parameters) {
        this.parameters = new LinkedHashMap<>(parameters);
    }

    /** The optimiser that a configuration asks for. */
    public static Optimiser of(TrainingConfig config, Map<String, Tensor> parameters) {
        return switch (config.optimiser()) {
            case SGD -> new Sgd(parameters, config.momentum(), config.weightDecay());
            case ADAMW -> new AdamW(parameters, config.weightDecay());
        };
    }

    /**
     * One step; the tape that holds the gradients must still be open. A parameter without a gradient stays as it is.
     *
     * @param learningRate of this step
     * @param gradientScale factor on all gradients, for clipping
     * @throws LabException if parameters without a gradient were merged into a copy of their network (structural
     *     re-parameterisation): it is the copy that is being trained, and this optimiser does not hold its parameters
     */
    public final void step(double learningRate, double gradientScale) {
        requireNoneReplaced();
        beginStep();
        // All or none of the parameters take the step.
        Interrupts.runInOrder(
                () -> parameters.forEach((name, parameter) -> step(name, parameter, learningRate, gradientScale)));
    }

    private void step(String name, Tensor parameter, double learningRate, double gradientScale) {
        Tensor gradient = parameter.gradientOrNull();
        if (gradient != null) {
            update(name, parameter, gradient, (float) learningRate, (float) gradientScale);
        }
    }

    private void requireNoneReplaced() {
        List<String> replaced = parameters.entrySet().stream()
                .filter(named ->
                        named.getValue().isReplaced() && named.getValue().gradientOrNull() == null)
                .map(Map.Entry::getKey)
                .toList();
        if (!replaced.isEmpty()) {
            throw new LabException("this optimiser still holds " + replaced.size() + " parameters that were merged into"
                    + " others, " + replaced.getFirst() + " first, and the loss did not come through them: make an"
                    + " optimiser for the parameters() of the merged network");
        }
    }

    /** The Euclidean norm of all gradients together. */
    public final double gradientNorm() {
        double squares = 0;
        for (Tensor parameter : parameters.values()) {
            if (parameter.gradientOrNull() != null) {
                squares += Backend.reduce(new SumOfSquares(parameter.gradient()));
            }
        }
        return Math.sqrt(squares);
    }

    /** Called once before the updates of a step. */
    protected void beginStep() {}

    /** Updates one parameter. */
    protected abstract void update(String name, Tensor parameter, Tensor gradient, float rate, float scale);

    /** Everything that a resumed training needs, by name: the very tensors, to be read or overwritten. */
    public abstract Map<String, Tensor> state();

    /** Number of steps done; for optimisers whose update depends on it. */
    public abstract void resumeAt(long steps);

    /** Whether a parameter's values are decayed. */
    protected static boolean isDecayed(Tensor parameter) {
        return parameter.shape().rank() > 1;
    }

    /** A tensor of zeros for each parameter, that no tape owns. */
    protected static Map<String, Tensor> zerosLike(Map<String, Tensor> parameters) {
        Map<String, Tensor> zeros = new LinkedHashMap<>();
        parameters.forEach((name, parameter) ->
                zeros.put(name, Tensor.zeros(parameter.shape().toArray())));
        return zeros;
    }
}
