package replklab.train;

import java.util.LinkedHashMap;
import java.util.Map;
import replklab.tensor.Backend;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Tensor;

/** AdamW (Loshchilov and Hutter 2019) with betas 0.9 and 0.999 and epsilon 1e-8. */
public final class AdamW extends Optimiser {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final Map<String, Tensor> firstMoments;
    private final Map<String, Tensor> secondMoments;
    private final float weightDecay;
    private long steps;

    public AdamW(Map<String, Tensor> parameters, double weightDecay) {
        super(parameters);
        this.firstMoments = zerosLike(parameters);
        this.secondMoments = zerosLike(parameters);
        this.weightDecay = (float) weightDecay;
    }

    @Override
    protected void beginStep() {
        steps++;
    }

    @Override
    protected void update(String name, Tensor parameter, Tensor gradient, float rate, float scale) {
        float decay = isDecayed(parameter) ? weightDecay : 0;
        Backend.run(new OptimiserStep.AdamW(
                parameter,
                gradient,
                firstMoments.get(name),
                secondMoments.get(name),
                scale,
                rate,
                BETA1,
                BETA2,
                EPSILON,
                decay,
                steps));
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        firstMoments.forEach((name, moment) -> state.put(name + ".exp_avg", moment));
        secondMoments.forEach((name, moment) -> state.put(name + ".exp_avg_sq", moment));
        return state;
    }

    @Override
    public void resumeAt(long done) {
        steps = done;
    }
}
