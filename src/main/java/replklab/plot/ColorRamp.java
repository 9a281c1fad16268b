package replklab.plot;

import java.awt.Color;

/**
 * Colours for numbers from 0 to 1, from nearly white over yellow, green and blue to nearly black. Equal steps of the number
 * are equal steps of the colour in CIELAB, and it only ever becomes darker: so it reads the same in greyscale and to
 * colour-blind readers.
 */
public final class ColorRamp {
    /** sRGB at equal steps, between which channels are mixed evenly; a test holds what the class promises. */
    private static final int[] STOPS = {0xFBFAF0, 0xFBF5DE, 0xFAF1CE, 0xF9ECBC, 0xF8E8AC, 0xF6E399, 0xF4DF89, 0xEADA7E, 0xD9D67E, 0xC5D17D, 0xB2CD7D, 0x9DC77C, 0x89C37C, 0x7CBA80, 0x71B383, 0x64AA87, 0x58A38A, 0x489A8D, 0x36938F, 0x1F8B92, 0x248291, 0x287990, 0x2A7190, 0x2B678F, 0x2B5F8E, 0x2A568D, 0x274B83, 0x233B6F, 0x1F2D5D, 0x1A1F4A, 0x15123A};

    /** More colours than these nobody tells apart, and a PNG has no more. */
    private static final double STEPS = 255;

    private ColorRamp() {}

    /** The colour of a number; what lies outside of 0 to 1 takes the nearer end's. */
    public static Color at(double value) {
        return new Color(rgb(value));
    }

    /** The same as 0xRRGGBB. */
    public static int rgb(double value) {
        double step = Math.round(Math.clamp(value, 0, 1) * STEPS) / STEPS;
        double place = step * (STOPS.length - 1);
        int stop = Math.min((int) place, STOPS.length - 2);
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int low = STOPS[stop] >> shift & 0xFF;
            int high = STOPS[stop + 1] >> shift & 0xFF;
            rgb |= (int) Math.round(low + (place - stop) * (high - low)) << shift;
        }
        return rgb;
    }
}
