package replklab.data;

import java.util.Arrays;

/**
 * Bicubic resampling (Keys, a = -0.5) with the filter widened by the scale when an image shrinks, so that every source
 * pixel counts and nothing aliases. This is what Pillow does, and with it the published preprocessing of ImageNet;
 * Java 2D's bicubic looks at 4x4 pixels whatever the scale.
 */
final class Resampler {
    private static final double A = -0.5;
    private static final double RADIUS = 2;

    private Resampler() {}

    /** A part of an image in its pixels' coordinates; fractions allowed. */
    record Box(double left, double top, double width, double height) {}

    /** For each output position, the first source position and the weights from there on; they sum to 1. */
    private record Taps(int[] first, float[][] weights) {}

    /**
     * Resizes the part of {@code image} in {@code box} to {@code width} x {@code height} pixels. Pixels around the box
     * take part where the filter reaches them; those outside the image do not.
     *
     * @return samples of 0 to 255 in the order (height, width, red-green-blue), not rounded
     */
    static float[] resample(RgbImage image, Box box, int width, int height) {
        Taps columns = taps(box.left(), box.width(), width, image.width());
        Taps rows = taps(box.top(), box.height(), height, image.height());
        int firstRow = Arrays.stream(rows.first()).min().orElseThrow();
        int lastRow = 0;
        for (int y = 0; y < height; y++) {
            lastRow = Math.max(lastRow, rows.first()[y] + rows.weights()[y].length);
        }
        float[] narrow = resampleRows(image, columns, firstRow, lastRow);
        int stride = width * 3;
        float[] out = new float[height * stride];
        for (int y = 0; y < height; y++) {
            float[] weights = rows.weights()[y];
            int source = (rows.first()[y] - firstRow) * stride;
            for (int t = 0; t < weights.length; t++) {
                for (int i = 0; i < stride; i++) {
                    out[y * stride + i] += weights[t] * narrow[source + t * stride + i];
                }
            }
        }
        for (int i = 0; i < out.length; i++) { // bicubic weights overshoot at edges
            out[i] = Math.clamp(out[i], 0f, 255f);
        }
        return out;
    }

    private static float[] resampleRows(RgbImage image, Taps columns, int firstRow, int lastRow) {
        int width = columns.first().length;
        float[] out = new float[(lastRow - firstRow) * width * 3];
        byte[] samples = image.samples();
        int at = 0;
        for (int y = firstRow; y < lastRow; y++) {
            for (int x = 0; x < width; x++) {
                float[] weights = columns.weights()[x];
                int source = (y * image.width() + columns.first()[x]) * 3;
                float red = 0;
                float green = 0;
                float blue = 0;
                for (float weight : weights) {
                    red += weight * (samples[source] & 0xFF);
                    green += weight * (samples[source + 1] & 0xFF);
                    blue += weight * (samples[source + 2] & 0xFF);
                    source += 3;
                }
                out[at++] = red;
                out[at++] = green;
                out[at++] = blue;
            }
        }
        return out;
    }

    private static Taps taps(double start, double length, int outputs, int limit) {
        double scale = length / outputs;
        double widening = Math.max(1, scale);
        int[] first = new int[outputs];
        float[][] weights = new float[outputs][];
        for (int i = 0; i < outputs; i++) {
            double centre = start + (i + 0.5) * scale;
            int from = Math.max(0, (int) Math.round(centre - RADIUS * widening));
            int to = Math.min(limit, (int) Math.round(centre + RADIUS * widening));
            double[] raw = new double[to - from];
            double sum = 0;
            for (int t = 0; t < raw.length; t++) {
                raw[t] = cubic((from + t + 0.5 - centre) / widening);
                sum += raw[t];
            }
            first[i] = from;
            weights[i] = new float[raw.length];
            for (int t = 0; t < raw.length; t++) {
                weights[i][t] = (float) (raw[t] / sum);
            }
        }
        return new Taps(first, weights);
    }

    private static double cubic(double x) {
        double d = Math.abs(x);
        if (d < 1) {
            return ((A + 2) * d - (A + 3)) * d * d + 1;
        }
        return d < 2 ? ((A * d - 5 * A) * d + 8 * A) * d - 4 * A : 0;
    }
}
