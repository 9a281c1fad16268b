package replklab.data;

/**
 * A decoded image.
 *
 * @param width columns
 * @param height rows
 * @param samples unsigned bytes in the order (height, width, red-green-blue)
 */
record RgbImage(int width, int height, byte[] samples) {}
