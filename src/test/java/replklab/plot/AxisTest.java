package replklab.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    private static List<String> labels(Axis axis, int most) {
        return axis.ticks(most).stream()
                .map(Axis.Tick::label)
                .filter(label -> !label.isEmpty())
                .toList();
    }

    @Test
    void ticksStandAtRoundNumbersWithAsManyDecimalsAsTheyNeed() {
        assertThat(labels(Axis.linear(0, 1), 5)).containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
        assertThat(labels(Axis.linear(-26, 1), 5)).containsExactly("−25", "−20", "−15", "−10", "−5", "0");
        assertThat(labels(Axis.linear(0.1, 3400), 6))
                .containsExactly("500", "1,000", "1,500", "2,000", "2,500", "3,000");
        assertThat(labels(Axis.linear(0, 3e12), 3)).containsExactly("0E0", "1E12", "2E12", "3E12");
        assertThat(labels(Axis.whole(1, 3), 20)).containsExactly("1", "2", "3");
    }

    @Test
    void logarithmicTicksArePowers() {
        assertThat(labels(Axis.logarithmic(10, 0.4, 2500), 10)).containsExactly("1", "10", "100", "1,000");
        assertThat(labels(Axis.logarithmic(10, 1.4, 85), 10)).containsExactly("2", "5", "10", "20", "50", "100");
        assertThat(labels(Axis.logarithmic(10, 1e-9, 1e9), 7))
                .containsExactly("1E−9", "0.000001", "0.001", "1", "1,000", "1,000,000", "1E9");
        assertThat(labels(Axis.logarithmic(2, 0.2, 9), 10)).containsExactly("0.25", "0.5", "1", "2", "4", "8");
        assertThat(labels(Axis.logarithmic(2, 1.11, 1.32), 4)).containsExactly("1.10", "1.15", "1.20", "1.25", "1.30");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "-1e-9, 1e-9",
        "0.1, 0.1000001",
        "-1e299, 1e299",
        "1e15, 1.0001e15",
        "99.97, 99.98",
        "-3, 1e7",
        "1e-300, 2e-300"
    })
    void ticksRiseWithinTheAxisAndAreToldApart(double low, double high) {
        for (Axis axis : List.of(Axis.linear(low, high), Axis.around(low, high), Axis.logarithmic(10, low, high))) {
            for (int most = 2; most < 12; most++) {
                List<Axis.Tick> ticks = axis.ticks(most);
                assertThat(ticks).isNotEmpty();
                assertThat(ticks)
                        .allSatisfy(tick -> assertThat(axis.along(tick.value())).isBetween(-1e-6, 1 + 1e-6));
                assertThat(ticks.stream().map(Axis.Tick::value).toList()).isSorted();
                assertThat(labels(axis, most)).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2 * most + 1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "-1e-9, 1e-9",
        "0.1, 0.1000001",
        "1e15, 1.0001e15",
        "99.97, 99.98",
        "-3, 1e7",
        "62.35, 65.6",
        "131, 184"
    })
    void noValueLiesBeyondTheFirstOrLastTick(double low, double high) {
        for (Axis given : List.of(Axis.around(low, high), Axis.logarithmic(10, low, high))) {
            for (int most = 2; most < 12; most++) {
                Axis axis = given.endingOnTicks(most);
                List<Axis.Tick> ticks = axis.ticks(most);
                assertThat(axis.along(ticks.getFirst().value())).isCloseTo(0, within(1e-6));
                assertThat(axis.along(ticks.getLast().value())).isCloseTo(1, within(1e-6));
                assertThat(axis.along(Math.max(low, ticks.getFirst().value()))).isBetween(-1e-6, 1 + 1e-6);
                assertThat(axis.along(high)).isBetween(0.0, 1 + 1e-6);
                assertThat(labels(axis, most)).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2 * most + 3);
            }
        }
        assertThat(labels(Axis.around(62.35, 65.6).endingOnTicks(8), 8))
                .containsExactly("62.0", "62.5", "63.0", "63.5", "64.0", "64.5", "65.0", "65.5", "66.0");
        assertThat(labels(Axis.logarithmic(10, 1.4, 130).endingOnTicks(8), 8))
                .containsExactly("1", "2", "5", "10", "20", "50", "100", "200");
        assertThat(Axis.around(3, 99.9).within(0, 100).endingOnTicks(5).along(100))
                .isEqualTo(1);
        Axis epochs = Axis.whole(1, 3);
        assertThat(epochs.endingOnTicks(5)).as("their ends are given").isSameAs(epochs);
    }

    @Test
    void roomShowsNothingOfAnotherSign() {
        assertThat(labels(Axis.around(2, 290).endingOnTicks(8), 8))
                .startsWith("0")
                .doesNotContain("−50");
        assertThat(labels(Axis.around(-290, -2).endingOnTicks(8), 8))
                .endsWith("0")
                .doesNotContain("50");
        assertThat(labels(Axis.around(-1, 290).endingOnTicks(8), 8)).startsWith("−50", "0");
        assertThat(Axis.around(0, 0).along(0)).isEqualTo(0.5);
    }

    @Test
    void valuesLieWhereTheScalePutsThem() {
        assertThat(Axis.linear(2, 4).along(3)).isEqualTo(0.5);
        Axis logarithmic = Axis.logarithmic(10, 1, 100);
        assertThat(logarithmic.along(10)).isCloseTo(0.5, within(1e-12));
        assertThat(logarithmic.along(0)).isInfinite();
        assertThat(logarithmic.along(-1)).isNaN();
        assertThat(Axis.places(List.of("a", "b")).along(0)).isEqualTo(0.25);
        assertThat(Axis.around(90, 99.9).within(0, 100).along(100)).isEqualTo(1);
        assertThat(Axis.linear(0, 1).nearest(7)).isEqualTo(1);
    }

    @Test
    void whatCannotBeDrawnMovesNoAxis() {
        Axis axis = Axis.around(1, Double.NaN, 2, Double.POSITIVE_INFINITY, -1e308);
        assertThat(axis.along(1)).isEqualTo(Axis.around(1, 2).along(1)).isBetween(0.0, 0.1);
        assertThat(axis.along(Double.POSITIVE_INFINITY)).isNaN();
        assertThat(Axis.around(Double.NaN).along(0.5)).isEqualTo(0.5);
        assertThat(Axis.undrawn(1, Double.NaN, Double.NEGATIVE_INFINITY, 1e308, -0.0))
                .isEqualTo(3);
        assertThat(Axis.around(3, 3).along(3)).isEqualTo(0.5);
    }
}
