package replklab.data;

import java.util.Arrays;

/**
 * Bicubic resampling (Keys, a = -0.5) with the filter widened by the scale when an image shrinks, so that every source
 * pixel counts and nothing aliases; Java 2D's bicubic looks at 4x4 pixels whatever the scale. It is Pillow's (up to version
 * 12), to the last bit, and with it the published preprocessing of ImageNet: weights in fixed point, across before down, and
 * each of the two passes rounded to bytes.
 */
final class Resampler {
    private static final double A = -0.5;
    private static final double RADIUS = 2;
    private static final int FRACTION_BITS = 22;

    private Resampler() {}

    /** A part of an image in its pixels' coordinates; fractions allowed. */
    record Box(double left, double top, double width, double height) {}

    /**
     * One direction of a resize: the {@code length} source pixels from {@code start} on become {@code outputs} pixels, of
     * which {@code count} from {@code first} on are wanted.
     */
    private record Axis(double start, double length, int outputs, int first, int count) {}

    /** For each output position, the first source position and the weights from there on. */
    private record Taps(int[] first, int[][] weights) {}

    /**
     * Resizes the part of {@code image} in {@code box} to {@code width} x {@code height} pixels. Pixels around the box
     * take part where the filter reaches them; those outside the image do not.
     */
    static RgbImage resample(RgbImage image, Box box, int width, int height) {
        return resample(
                image,
                new Axis(box.left, box.width, width, 0, width),
                new Axis(box.top, box.height, height, 0, height));
    }

    /**
     * Resizes the whole image to {@code width} x {@code height} pixels and keeps the square of {@code side} pixels whose
     * corner is at {@code left} and {@code top} there; only those are computed.
     */
    static RgbImage resampleAndCrop(RgbImage image, int width, int height, int left, int top, int side) {
        return resample(
                image, new Axis(0, image.width(), width, left, side), new Axis(0, image.height(), height, top, side));
    }

    private static RgbImage resample(RgbImage image, Axis across, Axis down) {
        Taps columns = taps(across, image.width());
        Taps rows = taps(down, image.height());
        int firstRow = rows.first[0];
        int lastRow = rows.first[down.count - 1] + rows.weights[down.count - 1].length;
        byte[] narrow = resampleRows(image, columns, firstRow, lastRow);
        int stride = across.count * 3;
        byte[] out = new byte[down.count * stride];
        int[] sums = new int[stride];
        for (int y = 0; y < down.count; y++) {
            Arrays.fill(sums, 1 << (FRACTION_BITS - 1));
            int source = (rows.first[y] - firstRow) * stride;
            for (int weight : rows.weights[y]) {
                for (int i = 0; i < stride; i++) {
                    sums[i] += weight * (narrow[source + i] & 0xFF);
                }
                source += stride;
            }
            for (int i = 0; i < stride; i++) {
                out[y * stride + i] = toByte(sums[i]);
            }
        }
        return new RgbImage(across.count, down.count, out);
    }

    private static byte[] resampleRows(RgbImage image, Taps columns, int firstRow, int lastRow) {
        int width = columns.first.length;
        byte[] out = new byte[(lastRow - firstRow) * width * 3];
        byte[] samples = image.samples();
        int at = 0;
        for (int y = firstRow; y < lastRow; y++) {
            for (int x = 0; x < width; x++) {
                int source = (y * image.width() + columns.first[x]) * 3;
                int red = 1 << (FRACTION_BITS - 1);
                int green = red;
                int blue = red;
                for (int weight : columns.weights[x]) {
                    red += weight * (samples[source] & 0xFF);
                    green += weight * (samples[source + 1] & 0xFF);
                    blue += weight * (samples[source + 2] & 0xFF);
                    source += 3;
                }
                out[at++] = toByte(red);
                out[at++] = toByte(green);
                out[at++] = toByte(blue);
            }
        }
        return out;
    }

    /** Bicubic weights overshoot at edges, so what is too dark or too bright becomes black or white. */
    private static byte toByte(int fixedPoint) {
        return (byte) Math.clamp(fixedPoint >> FRACTION_BITS, 0, 255);
    }

    private static Taps taps(Axis axis, int limit) {
        double scale = axis.length / axis.outputs;
        double widening = Math.max(1, scale);
        double support = RADIUS * widening;
        int[] first = new int[axis.count];
        int[][] weights = new int[axis.count][];
        for (int i = 0; i < axis.count; i++) {
            double centre = axis.start + (axis.first + i + 0.5) * scale;
            int from = Math.max(0, (int) (centre - support + 0.5));
            int to = Math.min(limit, (int) (centre + support + 0.5));
            double[] raw = new double[to - from];
            double sum = 0;
            for (int t = 0; t < raw.length; t++) {
                raw[t] = cubic((t + from - centre + 0.5) * (1 / widening));
                sum += raw[t];
            }
            first[i] = from;
            weights[i] = new int[raw.length];
            for (int t = 0; t < raw.length; t++) {
                double fixed = raw[t] / sum * (1 << FRACTION_BITS);
                weights[i][t] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
            }
        }
        return new Taps(first, weights);
    }

    private static double cubic(double x) {
        double d = Math.abs(x);
        if (d < 1) {
            return ((A + 2) * d - (A + 3)) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * A : 0;
    }
}
