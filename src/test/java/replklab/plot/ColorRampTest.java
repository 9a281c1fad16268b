package replklab.plot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColorRampTest {
    /** CIE's white point D65. */
    private static final double[] WHITE = {0.95047, 1, 1.08883};

    @Test
    void theRampOnlyDarkensInEvenSteps() {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        int parts = 32; // of 255 steps, whose own size drowns in rounding to whole channels
        for (int i = 0; i < parts; i++) {
            double[] before = lab(ColorRamp.rgb((double) i / parts));
            double[] after = lab(ColorRamp.rgb((i + 1.0) / parts));
            assertThat(after[0]).as("lightness of step " + i).isLessThan(before[0]);
            least = Math.min(least, distance(before, after));
            most = Math.max(most, distance(before, after));
        }
        assertThat(most / least)
                .isLessThan(1.5); // the straight distance around a corner of the way is shorter than the way
        assertThat(lab(0xFFFFFF)[0] - lab(ColorRamp.rgb(0))[0])
                .isLessThan(3);
        assertThat(lab(ColorRamp.rgb(1))[0]).isLessThan(12);
    }

    /** Difference of two colours in CIELAB (CIE 1976). */
    private static double distance(double[] a, double[] b) {
        return Math.sqrt(Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
    }

    /** CIELAB of 0xRRGGBB; the first number is the lightness, 0 to 100. */
    private static double[] lab(int rgb) {
        double r = linear((rgb >> 16 & 0xFF) / 255.0);
        double g = linear((rgb >> 8 & 0xFF) / 255.0);
        double b = linear((rgb & 0xFF) / 255.0);
        double x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
        double y = curve((0.2126729 * r + 0.7151522 * g + 0.0721750 * b) / WHITE[1]);
        double z = curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / WHITE[2]);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double linear(double channel) {
        return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
    }

    private static double curve(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
}
