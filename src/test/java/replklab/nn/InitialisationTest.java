package replklab.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.tensor.Tensor;

/** Where weights start. */
class InitialisationTest {
    private static double deviation(Tensor tensor) {
        double squares = 0;
        for (float value : tensor.toArray()) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / tensor.shape().elements());
    }

    private static void assertUniform(Tensor tensor, double bound) {
        double largest = 0;
        for (float value : tensor.toArray()) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.97 * bound, bound);
        assertThat(deviation(tensor)).isCloseTo(bound / Math.sqrt(3), within(0.05 * bound));
    }

    @Test
    void uniformIsByFanIn() {
        Initialisation start = Initialisation.uniform(new SplittableRandom(1));
        assertUniform(new Pointwise(16, 100, true, start).state().get("weight").tensor(), 1 / 4.0);
        assertUniform(new Pointwise(16, 1000, true, start).state().get("bias").tensor(), 1 / 4.0);
        assertUniform(new Depthwise(64, 5, 1, 1, true, start).weight(), 1 / 5.0);
        assertUniform(new Convolution(4, 32, 5, 2, start).state().get("weight").tensor(), 1 / 10.0);
        assertUniform(new Linear(25, 100, start).state().get("weight").tensor(), 1 / 5.0);
        assertUniform(new Linear(25, 1000, start).state().get("bias").tensor(), 1 / 5.0);
    }

    @Test
    void kaimingIsByFanOut() {
        Initialisation start = Initialisation.kaimingNormal(new SplittableRandom(1));
        assertThat(deviation(new Pointwise(100, 50, false, start)
                        .state()
                        .get("weight")
                        .tensor()))
                .isCloseTo(0.2, within(0.01));
        assertThat(deviation(new Depthwise(400, 5, 1, 1, false, start).weight()))
                .isCloseTo(Math.sqrt(2) / 5, within(0.02));
        assertThat(deviation(new Convolution(100, 2, 5, 2, start)
                        .state()
                        .get("weight")
                        .tensor()))
                .isCloseTo(0.2, within(0.01));
        Linear linear = new Linear(100, 50, start);
        assertThat(deviation(linear.state().get("weight").tensor())).isCloseTo(0.01, within(0.001));
        assertThat(linear.state().get("bias").tensor().toArray()).containsOnly(0);
    }

    @Test
    void zerosAreZeros() {
        Linear linear = new Linear(3, 2, Initialisation.zeros());
        linear.state()
                .values()
                .forEach(variable -> assertThat(variable.tensor().toArray()).containsOnly(0));
        assertThat(new Depthwise(3, 3, 1, 1, false, Initialisation.zeros())
                        .weight()
                        .toArray())
                .containsOnly(0);
    }
}
