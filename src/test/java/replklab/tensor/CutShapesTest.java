package replklab.tensor;

import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.tensor.TermByTerm.Terms;

/**
 * Operations of networks equal their definitions on shapes large enough to be cut: into several pieces for the threads, blocks of
 * rows, chunks of channels and vectors, with a rest in every direction, on several images.
 */
class CutShapesTest {
    /** Two vectors of 16 and a rest; nine of 4 and a rest. */
    private static final int CHANNELS = 37;

    private final Tensor images = uniform(1, 3, 13, 11, CHANNELS);

    /** Bands of output rows, more of them than ranges to sum up. */
    @ParameterizedTest
    @CsvSource({
        "41, 37, 3, 3, 1, 1",
        "61, 53, 3, 3, 2, 1",
        "35, 33, 3, 3, 1, 2",
        "30, 35, 3, 1, 1, 1",
        "23, 47, 3, 5, 1, 1",
        "11, 9, 37, 3, 1, 1"
    })
    void convolution(int height, int width, int channels, int kernel, int stride, int dilation) {
        Tensor x = uniform(1, 5, height, width, channels);
        Tensor w = uniform(2, 4, kernel, kernel, channels);
        TermByTerm.holds(
                t -> t[0].convolution(t[1], t[2], stride, dilation),
                convolution(x.shape(), w.shape(), stride, dilation),
                x,
                w,
                uniform(3, 4));
    }

    private static Terms convolution(Shape x, Shape w, int stride, int dilation) {
        int[] in = x.toArray();
        int outs = w.size(0);
        int kernel = w.size(1);
        int height = Math.ceilDiv(in[1], stride);
        int width = Math.ceilDiv(in[2], stride);
        return term -> {
            for (int pixel = 0; pixel < in[0] * height * width; pixel++) {
                for (int tap = 0; tap < kernel * kernel; tap++) {
                    int n = pixel / width / height;
                    int row = pixel / width % height * stride + (tap / kernel - kernel / 2) * dilation;
                    int column = pixel % width * stride + (tap % kernel - kernel / 2) * dilation;
                    if (row < 0 || row >= in[1] || column < 0 || column >= in[2]) {
                        continue;
                    }
                    for (int o = 0; o < outs; o++) {
                        for (int c = 0; c < in[3]; c++) {
                            term.add(
                                    pixel * outs + o,
                                    ((n * in[1] + row) * in[2] + column) * in[3] + c,
                                    (o * kernel * kernel + tap) * in[3] + c,
                                    1);
                        }
                    }
                }
            }
        };
    }

    /** Pieces of rows and of columns, forward and back; ranges, panels and steps of the weight gradient. */
    @ParameterizedTest
    @CsvSource({"1705, 23, 131", "1705, 8, 48", "9, 31, 33", "149, 90, 300", "149, 300, 90", "530, 37, 70"})
    void pointwise(int rows, int in, int out) {
        Tensor x = uniform(1, rows, in);
        Tensor w = uniform(2, out, in);
        Tensor bias = uniform(3, out);
        Terms product = term -> {
            for (int row = 0; row < rows; row++) {
                for (int o = 0; o < out; o++) {
                    for (int c = 0; c < in; c++) {
                        term.add(row * out + o, row * in + c, o * in + c, 1);
                    }
                }
            }
        };
        TermByTerm.holds(t -> t[0].pointwise(t[1], t[2]), product, x, w, bias);
        Tensor frozen = w.copy().freeze();
        Tensor residual = uniform(4, rows, out);
        for (Activation kind : Activation.values()) {
            Tensor expected = x.pointwise(w, bias).activation(kind).add(residual);
            for (Tensor weights : new Tensor[] {w, frozen}) {
                double[] wanted = doubles(expected);
                TermByTerm.close(kind + "", x.pointwise(weights, bias, kind, residual), wanted, 2e-6);
            }
        }
    }

    private static double[] doubles(Tensor tensor) {
        float[] values = tensor.toArray();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    /** Ranges of rows with blocks in them, and chunks of channels. */
    @ParameterizedTest
    @CsvSource({"2400, 37", "70, 1031", "531, 801", "5000, 1"})
    void scaleChannels(int rows, int channels) {
        Terms terms = term -> {
            for (int i = 0; i < rows * channels; i++) {
                term.add(i, i, i % channels, 1);
            }
        };
        TermByTerm.holds(t -> t[0].scaleChannels(t[1]), terms, uniform(1, rows, channels), uniform(2, channels));
    }

    @ParameterizedTest
    @CsvSource({"2400, 37", "70, 1031", "531, 801", "5000, 3"})
    void layerNorm(int rows, int channels) {
        double epsilon = 0.1; // the gradient of a row whose few channels are almost equal is then no amplified rounding
        Tensor x = between(1, -2, 5, rows, channels).asParameter();
        Tensor gamma = between(2, 0.5, 3, channels).asParameter();
        Tensor beta = uniform(3, channels).asParameter();
        Tensor dy = uniform(4, rows, channels);
        float[] xs = x.toArray();
        float[] dys = dy.toArray();
        float[] gammas = gamma.toArray();
        float[] betas = beta.toArray();
        double[] y = new double[rows * channels];
        double[] dx = new double[rows * channels];
        double[] dgamma = new double[channels];
        double[] dbeta = new double[channels];
        for (int from = 0; from < xs.length; from += channels) {
            double mean = 0;
            double variance = 0;
            for (int c = 0; c < channels; c++) {
                mean += (double) xs[from + c] / channels;
            }
            for (int c = 0; c < channels; c++) {
                variance += Math.pow(xs[from + c] - mean, 2) / channels;
            }
            double inverse = 1 / Math.sqrt(variance + epsilon);
            double level = 0;
            double slope = 0;
            for (int c = 0; c < channels; c++) {
                double normed = (xs[from + c] - mean) * inverse;
                y[from + c] = gammas[c] * normed + betas[c];
                dgamma[c] += dys[from + c] * normed;
                dbeta[c] += dys[from + c];
                level += (double) gammas[c] * dys[from + c] / channels;
                slope += gammas[c] * dys[from + c] * normed / channels;
            }
            for (int c = 0; c < channels; c++) {
                double normed = (xs[from + c] - mean) * inverse;
                dx[from + c] = inverse * (gammas[c] * dys[from + c] - level - normed * slope);
            }
        }
        TermByTerm.close("y", x.layerNorm(gamma, beta, epsilon), y, 5e-6);
        try (Tape tape = Tape.training(1)) {
            tape.backward(x.layerNorm(gamma, beta, epsilon).multiply(dy).sum());
            TermByTerm.close("dx", x.gradient(), dx, 1e-5);
            TermByTerm.close("dgamma", gamma.gradient(), dgamma, 1e-5);
            TermByTerm.close("dbeta", beta.gradient(), dbeta, 1e-5);
        }
    }

    @Test
    void globalAveragePool() {
        TermByTerm.holds(
                t -> t[0].globalAveragePool(),
                term -> forEach(images.shape(), (i, n, row, column, c) -> term.add(n * CHANNELS + c, i, 0, 1.0 / 143)),
                images);
    }

    @Test
    void gate() {
        TermByTerm.holds(
                t -> t[0].gate(t[1]),
                term -> forEach(images.shape(), (i, n, row, column, c) -> term.add(i, i, n * CHANNELS + c, 1)),
                images,
                uniform(2, 3, CHANNELS));
    }

    @Test
    void adaptiveAveragePool() {
        TermByTerm.holds(
                t -> t[0].adaptiveAveragePool(5, 4),
                term -> forEach(Shape.of(3, 5, 4, CHANNELS), (i, n, row, column, c) -> {
                    int top = 13 * row / 5;
                    int bottom = Math.ceilDiv(13 * (row + 1), 5);
                    int left = 11 * column / 4;
                    int right = Math.ceilDiv(11 * (column + 1), 4);
                    for (int pixel = 0; pixel < (bottom - top) * (right - left); pixel++) {
                        int from = at(n, top + pixel / (right - left), left + pixel % (right - left), c);
                        term.add(i, from, 0, 1.0 / ((bottom - top) * (right - left)));
                    }
                }),
                images);
    }

    @Test
    void maxPool() {
        float[] x = images.toArray();
        TermByTerm.holds(
                t -> t[0].maxPool(3, 2, 1),
                term -> forEach(Shape.of(3, 7, 6, CHANNELS), (i, n, row, column, c) -> {
                    int highest = -1;
                    for (int tap = 0; tap < 9; tap++) {
                        int y = 2 * row - 1 + tap / 3;
                        int z = 2 * column - 1 + tap % 3;
                        if (y >= 0 && y < 13 && z >= 0 && z < 11) {
                            highest = highest < 0 || x[at(n, y, z, c)] > x[highest] ? at(n, y, z, c) : highest;
                        }
                    }
                    term.add(i, highest, 0, 1);
                }),
                images);
    }

    @ParameterizedTest
    @CsvSource({"9, 17", "29, 5", "13, 11"})
    void resizeBilinear(int height, int width) {
        TermByTerm.holds(
                t -> t[0].resizeBilinear(height, width),
                term -> forEach(Shape.of(3, height, width, CHANNELS), (i, n, row, column, c) -> {
                    double y = Math.clamp((row + 0.5) * 13 / height - 0.5, 0, 12);
                    double x = Math.clamp((column + 0.5) * 11 / width - 0.5, 0, 10);
                    for (int corner = 0; corner < 4; corner++) {
                        int top = Math.min(12, (int) y + corner / 2);
                        int left = Math.min(10, (int) x + corner % 2);
                        double down = corner / 2 == 1 ? y - (int) y : 1 - y + (int) y;
                        double right = corner % 2 == 1 ? x - (int) x : 1 - x + (int) x;
                        term.add(i, at(n, top, left, c), 0, down * right);
                    }
                }),
                images);
    }

    @Test
    void patches() {
        TermByTerm.holds(
                t -> t[0].patches(3),
                term -> forEach(Shape.of(3, 4, 3, 9 * CHANNELS), (i, n, row, column, c) -> {
                    int tap = c / CHANNELS;
                    term.add(i, at(n, 3 * row + tap / 3, 3 * column + tap % 3, c % CHANNELS), 0, 1);
                }),
                images);
    }

    /** An element of {@link #images}. */
    private static int at(int n, int row, int column, int c) {
        return ((n * 13 + row) * 11 + column) * CHANNELS + c;
    }

    /** What is done for one element of an image. */
    @FunctionalInterface
    private interface Element {
        void run(int i, int n, int row, int column, int c);
    }

    private static void forEach(Shape shape, Element element) {
        int[] s = shape.toArray();
        for (int i = 0; i < shape.elements(); i++) {
            element.run(i, i / s[3] / s[2] / s[1], i / s[3] / s[2] % s[1], i / s[3] % s[2], i % s[3]);
        }
    }
}
