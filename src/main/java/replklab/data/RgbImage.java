package replklab.data;

/**
 * A decoded image.
 *
 * @param width columns
 * @param height rows
 * @param samples unsigned bytes in the order (height, width, red-green-blue)
 */
@SuppressWarnings("ArrayRecordComponent") // pixels on their way to the resampler, never compared
record RgbImage(int width, int height, byte[] samples) {}
