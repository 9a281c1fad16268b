package replklab.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;

class DifferencesTest {
    private static ParityRow compare(Map<String, float[]> theirs, Map<String, float[]> ours) {
        return Differences.of("case", "quantity", theirs, ours);
    }

    @Test
    void eachArrayIsMeasuredByItsOwnLargestValue() {
        ParityRow row = compare(
                Map.of("large", new float[] {100, -200}, "small", new float[] {0.5f, 0.25f}),
                Map.of("large", new float[] {100, -200.01f}, "small", new float[] {0.5f, 0.2501f}));
        assertThat(row.error()).isCloseTo(1e-4 / 0.5, within(1e-6));
        assertThat(row.worst()).isEqualTo("small");
        assertThat(row.arrays()).isEqualTo(2);
        assertThat(row.isWithin()).isFalse();
        assertThat(compare(Map.of("a", new float[] {2}), Map.of("a", new float[] {2})))
                .isEqualTo(new ParityRow("case", "quantity", 1, 0, "", true));
    }

    @Test
    void whatIsZeroButForRoundingIsMeasuredByTheMedianOfTheOthers() {
        Map<String, float[]> theirs = Map.of(
                "zero",
                new float[] {1e-17f},
                "one",
                new float[] {1},
                "small",
                new float[] {0.01f},
                "usual",
                new float[] {0.1f});
        ParityRow row = compare(
                theirs,
                Map.of(
                        "zero",
                        new float[] {2e-7f},
                        "one",
                        new float[] {1},
                        "small",
                        new float[] {0.01f},
                        "usual",
                        new float[] {0.1f}));
        assertThat(row.error()).isCloseTo(2e-6, within(1e-8));
        assertThat(row.worst()).isEqualTo("zero");
        assertThat(row.isWithin()).isTrue();
    }

    @Test
    void whatIsNoNumberIsTheWorst() {
        ParityRow row = compare(
                Map.of("a", new float[] {1, 2}, "b", new float[] {1}),
                Map.of("a", new float[] {Float.NaN, 2}, "b", new float[] {5}));
        assertThat(row.error()).isNaN();
        assertThat(row.isWithin()).isFalse();
    }

    @Test
    void arraysThatOneSideLacksAreNamed() {
        assertThatThrownBy(() -> compare(
                        Map.of("a", new float[1], "b", new float[2], "c", new float[1]),
                        Map.of("a", new float[1], "b", new float[3], "d", new float[1])))
                .isInstanceOf(LabException.class)
                .hasMessage("case, quantity: not the same arrays: [b, c, d]");
        assertThatThrownBy(() -> compare(Map.of(), Map.of())).isInstanceOf(LabException.class);
    }
}
