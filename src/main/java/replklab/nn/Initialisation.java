package replklab.nn;

import java.util.random.RandomGenerator;
import replklab.tensor.Tensor;

/** Starting values of weights. */
final class Initialisation {
    private Initialisation() {}

    /** He et al. 2015, by fan-out, as MobileNetV2's and ResNet's convolutions: sd sqrt(2 / fanOut). */
    static Tensor kaimingNormal(RandomGenerator random, int fanOut, int... sizes) {
        return Tensor.normal(random, Math.sqrt(2.0 / fanOut), sizes);
    }
}
