package replklab.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Vectorised functions by exponentials. */
final class Transcendental {
    private static final float SQRT_HALF = (float) Math.sqrt(0.5);
    private static final float INVERSE_SQRT_TWO_PI = (float) (1 / Math.sqrt(2 * Math.PI));

    private Transcendental() {}

    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = FloatVector.broadcast(Lanes.SPECIES, 1);
        return one.div(x.neg().lanewise(VectorOperators.EXP).add(1));
    }

    /** The density of the standard normal distribution. */
    static FloatVector normalDensity(FloatVector x) {
        return x.mul(x).mul(-0.5f).lanewise(VectorOperators.EXP).mul(INVERSE_SQRT_TWO_PI);
    }

    /**
     * The distribution function of the standard normal, (1 + erf(x / sqrt 2)) / 2. The error function by Abramowitz and
     * Stegun, formula 7.1.26 (absolute error below 1.5e-7), which gives 1 - erf(|z|) and so loses nothing in the tail.
     */
    static FloatVector normalDistribution(FloatVector x) {
        FloatVector z = x.abs().mul(SQRT_HALF);
        FloatVector t = FloatVector.broadcast(Lanes.SPECIES, 1)
                .div(z.mul((float) 0.3275911).add(1));
        FloatVector polynomial = t.mul((float) 1.061405429)
                .add((float) -1.453152027)
                .mul(t)
                .add((float) 1.421413741)
                .mul(t)
                .add((float) -0.284496736)
                .mul(t)
                .add((float) 0.254829592)
                .mul(t);
        FloatVector tail =
                polynomial.mul(z.mul(z).neg().lanewise(VectorOperators.EXP)).mul(0.5f);
        VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
        return tail.neg().add(1).blend(tail, negative);
    }
}
