package replklab.data;

/**
 * A decoded image.
 *
 * @param width columns
 * @param height rows
 * @param samples unsigned bytes in the order (height, width, red-green-blue)
 */
record RgbImage(int width, int height, byte[] samples) {
    /** This image's luminance (ITU-R 601-2, as Pillow rounds it) in all three channels. */
    RgbImage grey() {
        byte[] grey = new byte[samples.length];
        for (int at = 0; at < grey.length; at += 3) {
            int sum = (samples[at] & 0xFF) * 19595
                    + (samples[at + 1] & 0xFF) * 38470
                    + (samples[at + 2] & 0xFF) * 7471
                    + 0x8000;
            byte luminance = (byte) (sum >> 16);
            grey[at] = luminance;
            grey[at + 1] = luminance;
            grey[at + 2] = luminance;
        }
        return new RgbImage(width, height, grey);
    }
}
