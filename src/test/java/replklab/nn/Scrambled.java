package replklab.nn;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import replklab.tensor.Tensor;

/** Networks as if they had been trained: no weight, shift or running statistic where it starts. */
public final class Scrambled {
    private Scrambled() {}

    /** Overwrites every bias, norm and running statistic of a network with random numbers of either sign. */
    public static <T extends Layer> T of(T network, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        network.state().forEach((name, variable) -> {
            Tensor tensor = variable.tensor();
            if (tensor.shape().rank() == 1) {
                boolean variance = name.endsWith("running_var");
                float[] values = new float[tensor.size(0)];
                for (int i = 0; i < values.length; i++) {
                    double size = random.nextDouble(0.5, 1.5);
                    values[i] = (float) (variance || random.nextInt(4) > 0 ? size : -size);
                }
                tensor.assign(values);
            }
        });
        return network;
    }

    /** The largest difference between two outputs, over the first one's range. */
    public static double error(Tensor expected, Tensor actual) {
        float[] a = expected.toArray();
        float[] b = actual.toArray();
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        double worst = expected.shape().equals(actual.shape()) ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < a.length && Double.isFinite(worst); i++) {
            lowest = Math.min(lowest, a[i]);
            highest = Math.max(highest, a[i]);
            double difference = Math.abs((double) a[i] - b[i]);
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
        }
        return worst == 0 ? 0 : worst / (highest - lowest);
    }
}
