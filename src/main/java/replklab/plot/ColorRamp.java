package replklab.plot;

import java.awt.Color;
import java.util.Arrays;

/**
 * Colours for numbers from 0 to 1, from nearly white over yellow, green and blue to nearly black. Equal steps of the number
 * are equal steps of the colour in CIELAB, and it only ever becomes darker: so it reads the same in greyscale and to
 * colour-blind readers.
 */
public final class ColorRamp {
    private static final int STEPS = 256;
    private static final int FINE = 4096;
    /** sRGB, each darker than the one before. */
    private static final int[] STOPS = {0xFBFAF0, 0xF2DC7E, 0x86C27C, 0x1E8C92, 0x29528C, 0x15123A};
    /** CIE's white point D65. */
    private static final double[] WHITE = {0.95047, 1, 1.08883};

    private static final int[] COLORS = colors();

    private ColorRamp() {}

    /** The colour of a number; what lies outside of 0 to 1 takes the nearer end's. */
    public static Color at(double value) {
        return new Color(rgb(value));
    }

    /** The same as 0xRRGGBB. */
    public static int rgb(double value) {
        return COLORS[(int) Math.round(Math.clamp(value, 0, 1) * (STEPS - 1))];
    }

    /** The polygon through the stops in CIELAB, cut into steps of equal length. */
    private static int[] colors() {
        double[][] fine = new double[FINE + 1][];
        double[] length = new double[FINE + 1];
        double[][] stops = Arrays.stream(STOPS).mapToObj(ColorRamp::lab).toArray(double[][]::new);
        for (int i = 0; i <= FINE; i++) {
            double place = (double) i / FINE * (stops.length - 1);
            int stop = Math.min((int) place, stops.length - 2);
            fine[i] = between(stops[stop], stops[stop + 1], place - stop);
            length[i] = i == 0 ? 0 : length[i - 1] + distance(fine[i - 1], fine[i]);
        }
        int[] colors = new int[STEPS];
        int at = 0;
        for (int step = 0; step < STEPS; step++) {
            double wanted = length[FINE] * step / (STEPS - 1);
            while (at < FINE && length[at] < wanted) {
                at++;
            }
            colors[step] = rgb(fine[at]);
        }
        return colors;
    }

    private static double[] between(double[] a, double[] b, double share) {
        double[] mixed = new double[a.length];
        Arrays.setAll(mixed, i -> a[i] + share * (b[i] - a[i]));
        return mixed;
    }

    /** Difference of two colours in CIELAB (CIE 1976). */
    static double distance(double[] a, double[] b) {
        return Math.sqrt(Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
    }

    /** CIELAB of 0xRRGGBB; the first number is the lightness, 0 to 100. */
    static double[] lab(int rgb) {
        double r = linear((rgb >> 16 & 0xFF) / 255.0);
        double g = linear((rgb >> 8 & 0xFF) / 255.0);
        double b = linear((rgb & 0xFF) / 255.0);
        double x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
        double y = curve((0.2126729 * r + 0.7151522 * g + 0.0721750 * b) / WHITE[1]);
        double z = curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / WHITE[2]);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static int rgb(double[] lab) {
        double middle = (lab[0] + 16) / 116;
        double x = WHITE[0] * uncurve(middle + lab[1] / 500);
        double y = WHITE[1] * uncurve(middle);
        double z = WHITE[2] * uncurve(middle - lab[2] / 200);
        int r = channel(3.2404542 * x - 1.5371385 * y - 0.4985314 * z);
        int g = channel(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z);
        int b = channel(0.0556434 * x - 0.2040259 * y + 1.0572252 * z);
        return r << 16 | g << 8 | b;
    }

    private static double linear(double channel) {
        return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
    }

    private static int channel(double linear) {
        double encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
        return (int) Math.round(255 * Math.clamp(encoded, 0, 1));
    }

    private static double curve(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    private static double uncurve(double t) {
        return t * t * t > 216.0 / 24389 ? t * t * t : (116 * t - 16) * 27 / 24389;
    }
}
