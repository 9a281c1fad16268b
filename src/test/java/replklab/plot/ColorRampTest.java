package replklab.plot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColorRampTest {
    @Test
    void theRampOnlyDarkensInEvenSteps() {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        int parts = 32; // of 255 steps, whose own size drowns in rounding to whole channels
        for (int i = 0; i < parts; i++) {
            double[] before = ColorRamp.lab(ColorRamp.rgb((double) i / parts));
            double[] after = ColorRamp.lab(ColorRamp.rgb((i + 1.0) / parts));
            assertThat(after[0]).as("lightness of step " + i).isLessThan(before[0]);
            least = Math.min(least, ColorRamp.distance(before, after));
            most = Math.max(most, ColorRamp.distance(before, after));
        }
        assertThat(most / least)
                .isLessThan(1.5); // the straight distance around a corner of the way is shorter than the way
        assertThat(ColorRamp.lab(0xFFFFFF)[0] - ColorRamp.lab(ColorRamp.rgb(0))[0])
                .isLessThan(3);
        assertThat(ColorRamp.lab(ColorRamp.rgb(1))[0]).isLessThan(12);
    }
}
