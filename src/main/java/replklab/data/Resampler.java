package replklab.data;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bicubic resampling (Keys, a = -0.5) with the filter widened by the scale when an image shrinks, so that every source
 * pixel counts and nothing aliases; Java 2D's bicubic looks at 4x4 pixels whatever the scale. It is Pillow's (up to version
 * 12), to the last bit, and with it the published preprocessing of ImageNet: weights in fixed point, across before down, and
 * each of the two passes rounded to bytes.
 *
 * <p>Both passes work on vectors of samples that share a weight: down, those of a row; across, those of a column, for which as many
 * rows as a vector has lanes are first written side by side. Sums of integers come out the same in any order.
 */
final class Resampler {
    private static final double A = -0.5;
    private static final double RADIUS = 2;
    private static final int FRACTION_BITS = 22;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
    private static final int V = SPECIES.length();

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
        int[] narrow = new int[(lastRow - firstRow) * across.count * 3 + V];
        resampleRows(image, columns, firstRow, lastRow, narrow);
        int stride = across.count * 3;
        byte[] out = new byte[down.count * stride];
        int[] row = new int[stride + V];
        for (int y = 0; y < down.count; y++) {
            resampleColumns(narrow, (rows.first[y] - firstRow) * stride, stride, rows.weights[y], row);
            for (int i = 0; i < stride; i++) {
                out[y * stride + i] = (byte) row[i];
            }
        }
        return new RgbImage(across.count, down.count, out);
    }

    /** The sums of {@code weights.length} rows of {@code stride} samples, with up to a vector's samples behind them. */
    private static void resampleColumns(int[] samples, int from, int stride, int[] weights, int[] sums) {
        for (int i = 0; i < stride; i += V) {
            IntVector sum = IntVector.broadcast(SPECIES, HALF);
            int at = from + i;
            for (int weight : weights) {
                sum = sum.add(IntVector.fromArray(SPECIES, samples, at).mul(weight));
                at += stride;
            }
            toBytes(sum).intoArray(sums, i);
        }
    }

    /** Resamples the rows from {@code firstRow} to {@code lastRow} (exclusive). */
    private static void resampleRows(RgbImage image, Taps columns, int firstRow, int lastRow, int[] out) {
        int outputs = columns.first.length;
        int left = columns.first[0] * 3;
        int right = (columns.first[outputs - 1] + columns.weights[outputs - 1].length) * 3;
        int[] sideBySide = new int[(right - left) * V];
        int[] sums = new int[3 * V];
        for (int y = firstRow; y < lastRow; y += V) {
            int rows = Math.min(V, lastRow - y);
            layRowsSideBySide(image, y, rows, left, right, sideBySide);
            int to = (y - firstRow) * outputs * 3;
            for (int x = 0; x < outputs; x++) {
                sumPixel(sideBySide, (columns.first[x] * 3 - left) * V, columns.weights[x], sums);
                for (int lane = 0; lane < rows; lane++) {
                    int pixel = to + (lane * outputs + x) * 3;
                    out[pixel] = sums[lane];
                    out[pixel + 1] = sums[V + lane];
                    out[pixel + 2] = sums[2 * V + lane];
                }
            }
        }
    }

    /** Writes the samples from {@code left} to {@code right} of some rows, a lane a row. */
    private static void layRowsSideBySide(RgbImage image, int firstRow, int rows, int left, int right, int[] to) {
        byte[] samples = image.samples();
        int stride = image.width() * 3;
        int start = firstRow * stride;
        for (int i = left; i < right; i++) {
            int at = (i - left) * V;
            int from = start + i;
            for (int lane = 0; lane < rows; lane++) {
                to[at + lane] = samples[from] & 0xFF;
                from += stride;
            }
        }
    }

    /** The three samples of a pixel of each row. */
    private static void sumPixel(int[] samples, int from, int[] weights, int[] sums) {
        IntVector red = IntVector.broadcast(SPECIES, HALF);
        IntVector green = red;
        IntVector blue = red;
        int at = from;
        for (int weight : weights) {
            red = red.add(IntVector.fromArray(SPECIES, samples, at).mul(weight));
            green = green.add(IntVector.fromArray(SPECIES, samples, at + V).mul(weight));
            blue = blue.add(IntVector.fromArray(SPECIES, samples, at + 2 * V).mul(weight));
            at += 3 * V;
        }
        toBytes(red).intoArray(sums, 0);
        toBytes(green).intoArray(sums, V);
        toBytes(blue).intoArray(sums, 2 * V);
    }

    /** Bicubic weights overshoot at edges, so what is too dark or too bright becomes black or white. */
    private static IntVector toBytes(IntVector fixedPoint) {
        return fixedPoint.lanewise(VectorOperators.ASHR, FRACTION_BITS).max(0).min(255);
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
