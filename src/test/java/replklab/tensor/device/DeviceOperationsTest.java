package replklab.tensor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.tensor.Backend;
import replklab.tensor.Operation;
import replklab.tensor.Tensor;

/**
 * Each operation on the device beside the CPU's. Both round, each in its own order: a sum of n terms is off by about u sqrt(n) times
 * the sum of their absolute values (Higham and Mary, A New Approach to Probabilistic Rounding Error Analysis, 2019), u being
 * 2^-24; those of products of numbers from [-1, 1) are a quarter on average. Functions add some units in the last place.
 */
class DeviceOperationsTest {
    private static final double U = 0x1p-24;

    static List<OperationCases.Case> cases() {
        return OperationCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatTheCpuGives(OperationCases.Case operation) {
        compare(OpenClHere.backend(), operation);
    }

    void compare(DeviceBackend device, OperationCases.Case operation) {
        Operation here = operation.make().get();
        Operation there = operation.make().get();
        Backend.current().execute(here);
        Backend.with(device, () -> Backend.run(there));
        double tolerance = U * (16 + 4 * Math.sqrt(operation.terms())) * (1 + operation.terms() / 4.0);
        for (int i = 0; i < here.writes().length; i++) {
            if (here.writes()[i] != null) {
                assertClose("output " + i, there.writes()[i], here.writes()[i], tolerance);
            }
        }
    }

    /** By the device's own order of sums. */
    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameBitsAgain(OperationCases.Case operation) {
        DeviceBackend device = OpenClHere.backend();
        Operation once = operation.make().get();
        Operation again = operation.make().get();
        Backend.with(device, () -> {
            Backend.run(once);
            Backend.run(again);
        });
        for (int i = 0; i < once.writes().length; i++) {
            if (once.writes()[i] != null) {
                assertThat(again.writes()[i].toArray()).isEqualTo(once.writes()[i].toArray());
            }
        }
    }

    private static void assertClose(String what, Tensor found, Tensor expected, double tolerance) {
        float[] is = found.toArray();
        float[] wanted = expected.toArray();
        for (int i = 0; i < wanted.length; i++) {
            var number = assertThat((double) is[i]).as("%s, element %d of %s", what, i, expected.shape());
            if (Float.isFinite(wanted[i])) {
                number.isCloseTo(wanted[i], within(tolerance * Math.max(1, Math.abs(wanted[i]))));
            } else {
                number.isEqualTo(Double.valueOf(wanted[i])); // NaN equals NaN
            }
        }
    }
}
