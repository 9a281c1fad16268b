package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadicesTest {
    private static final int[] ALL = {3, 4, 5, 6, 8, 9};
    private static final Offset<Double> NEAR = Offset.offset(1e-9);

    /** Choices are remembered; of lengths from here on none is yet. */
    private static int unheardOf = 300;

    /** Of a transform in the order of the radices: the twiddle factors of every leg but the first, after the first pass. */
    private static double cost(int... radices) {
        double sum = 0;
        for (int i = 0; i < radices.length; i++) {
            sum += Radices.costPerPoint(radices[i]) + (i == 0 ? 0 : 5.0 * (radices[i] - 1) / radices[i]);
        }
        return sum;
    }

    /** The least cost of all orders of all products, infinite if there is none. */
    private static double least(int length, int... before) {
        if (length == 1) {
            return before.length == 0 ? Double.POSITIVE_INFINITY : cost(before);
        }
        double least = Double.POSITIVE_INFINITY;
        for (int radix : ALL) {
            if (length % radix == 0) {
                int[] more = Arrays.copyOf(before, before.length + 1);
                more[before.length] = radix;
                least = Math.min(least, least(length / radix, more));
            }
        }
        return least;
    }

    /** By hand: 12 is 4 and 3 (8 + 8 + 5 * 2 / 3), 72 is 9 and 8 (13.8 + 10.5 + 5 * 7 / 8), 45 is 9 and 5 (13.8 + 11.2 + 5 * 4 / 5). */
    @ParameterizedTest
    @CsvSource({
        "3, 8.0",
        "4, 8.0",
        "5, 11.2",
        "6, 10.0",
        "8, 10.5",
        "9, 13.8",
        "12, 19.3333333333",
        "72, 28.675",
        "45, 29.0"
    })
    void aPointCosts(int length, double cost) {
        assertThat(Radices.costPerPoint(length)).isCloseTo(cost, NEAR);
    }

    @Test
    void aLengthIsCutAtTheLeastCost() {
        int from = unheardOf;
        unheardOf += 60;
        for (int length = from; length < from + 60; length++) {
            double least = least(length);
            int tried = length;
            if (Double.isInfinite(least)) {
                assertThatThrownBy(() -> Radices.of(tried)).hasMessage("no transform of length " + tried);
            } else {
                int[] radices = Radices.of(length);
                assertThat(Arrays.stream(radices).reduce(1, (a, b) -> a * b)).isEqualTo(length);
                assertThat(cost(radices)).as("%d", length).isCloseTo(least, NEAR);
                assertThat(Radices.costPerPoint(length)).isCloseTo(least, NEAR);
            }
        }
    }

    @Test
    void ofAllLengthsThatAreLongEnoughTheCheapestIsTaken() {
        for (int least = 1; least <= 128; least++) {
            int taken = Radices.lengthFor(least);
            assertThat(taken).isGreaterThanOrEqualTo(least);
            for (int length = least; length <= 2 * least + 9; length++) {
                double each = least(length);
                assertThat(taken * Radices.costPerPoint(taken))
                        .as("%d instead of %d", taken, length)
                        .isLessThanOrEqualTo(length * each + 1e-9);
            }
        }
    }
}
