package replklab.tensor;

/** Images and filters as everybody else's files have them, (n, channels, height, width), and as ours are: channels last. */
public final class ChannelsFirst {
    private ChannelsFirst() {}

    /**
     * A tensor (n, h, w, c).
     *
     * @param values of n images (c, h, w), row-major
     */
    public static Tensor tensor(float[] values, int n, int c, int h, int w) {
        return Tensor.of(swapped(values, n, c, h * w), n, h, w, c);
    }

    /** (n, c, h, w) for (n, h, w, c). */
    public static Shape shape(Shape images) {
        return Shape.of(images.size(0), images.size(3), images.size(1), images.size(2));
    }

    /** The values of a tensor (n, h, w, c) in the order (n, c, h, w). */
    public static float[] values(Tensor images) {
        return swapped(images.toArray(), images.size(0), images.size(1) * images.size(2), images.size(3));
    }

    /** The values of (outer, rows, columns) in the order (outer, columns, rows). */
    public static float[] swapped(float[] values, int outer, int rows, int columns) {
        float[] result = new float[values.length];
        for (int o = 0; o < outer; o++) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    result[(o * columns + c) * rows + r] = values[(o * rows + r) * columns + c];
                }
            }
        }
        return result;
    }
}
