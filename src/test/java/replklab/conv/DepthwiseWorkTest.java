package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The vector operations that tasks are counted to take, put together from their parts by hand. */
class DepthwiseWorkTest {
    private static final int GROUPS = Math.ceilDiv(40, Correlation.SPECIES.length());

    private static final ConvolutionShape SQUARE = new ConvolutionShape(3, 28, 28, 40, 7, 1, 1);

    private static double work(ConvolutionShape shape, DepthwisePass pass, Algorithm algorithm) {
        return DepthwiseWork.of(DepthwiseTask.of(shape, pass), algorithm);
    }

    private static Offset<Double> near(double size) {
        return Offset.offset(1e-9 * size);
    }

    /** A map of 20x28: ten pairs of rows, then columns of the frequencies; four pairs of a 7x7 filter's rows, three of a 5x5's. */
    @Test
    void ofTransforms() {
        ConvolutionShape s = new ConvolutionShape(3, 20, 28, 40, 7, 1, 1);
        int periodY = Radices.lengthFor(23);
        int periodX = Radices.lengthFor(31);
        double points = (periodX / 2 + 1) * periodY;
        double columns = points * (Radices.costPerPoint(periodY) + 8);
        double row = periodX * (Radices.costPerPoint(periodX) + 6);
        double map = 10 * row + columns;
        double large = 4 * row + columns;
        double small = 3 * row + columns;
        double product = 10 * points;

        double forward = GROUPS * (3 * (2 * map + product) + large);
        assertThat(work(s, DepthwisePass.FORWARD, Algorithm.FFT)).isCloseTo(forward, near(forward));
        double pair = GROUPS * (3 * (4 * map + 4 * product) + 2 * (large + small));
        assertThat(DepthwiseWork.of(new DepthwiseTask(s, DepthwisePass.GRADIENTS, 5), Algorithm.FFT))
                .isCloseTo(pair, near(pair));
        double weights = GROUPS * (3 * (2 * map + product) + large);
        assertThat(work(s, DepthwisePass.WEIGHT_GRADIENT, Algorithm.FFT)).isCloseTo(weights, near(weights));
    }

    /** Pixels are packed and written, the filters packed once a call. */
    @Test
    void ofDenseSums() {
        ConvolutionShape s = new ConvolutionShape(3, 20, 28, 40, 7, 1, 1);
        double packing = 3.0 * (2 * 20 * 28);
        double image = DenseCorrelation.of(s).work(30) + packing;
        double forward = GROUPS * (3 * image + 3 * DenseCorrelation.of(s).filterTaps());
        assertThat(work(s, DepthwisePass.FORWARD, Algorithm.DIRECT)).isCloseTo(forward, near(forward));
        double weights = GROUPS * 3 * (DenseWeightGradient.of(s).work(30) + packing);
        assertThat(work(s, DepthwisePass.WEIGHT_GRADIENT, Algorithm.DIRECT)).isCloseTo(weights, near(weights));
    }

    /** With a stride, a row of taps of eight outputs at a time, in every pass; no filters are packed. */
    @Test
    void ofStridedSums() {
        ConvolutionShape s = new ConvolutionShape(3, 20, 28, 40, 7, 2, 1);
        double rows = 10 * 14 * 7 * BlockKind.ONE_ROW.cycles(8, 7) / 8;
        double image = rows + 3.0 * (20 * 28 + 10 * 14);
        double single = GROUPS * 3 * image;
        assertThat(work(s, DepthwisePass.FORWARD, Algorithm.DIRECT)).isCloseTo(single, near(single));
        assertThat(work(s, DepthwisePass.WEIGHT_GRADIENT, Algorithm.DIRECT)).isCloseTo(single, near(single));
        assertThat(work(s, DepthwisePass.GRADIENTS, Algorithm.DIRECT)).isCloseTo(2 * single, near(single));
    }

    /** One image's work: what a batch of three has more than one of two. */
    private static double image(DepthwisePass pass, Algorithm algorithm, int small) {
        return work(3, pass, algorithm, small) - work(2, pass, algorithm, small);
    }

    /** What is done once for all images. */
    private static double once(DepthwisePass pass, Algorithm algorithm, int small) {
        return 3 * work(2, pass, algorithm, small) - 2 * work(3, pass, algorithm, small);
    }

    private static double work(int batch, DepthwisePass pass, Algorithm algorithm, int small) {
        return DepthwiseWork.of(new DepthwiseTask(SQUARE.withBatch(batch), pass, small), algorithm);
    }

    /** Filters are packed once for both gradients, as for a forward pass, and not at all where they are prepared. */
    @Test
    void theDirectAlgorithmsWork() {
        double forward = image(DepthwisePass.FORWARD, Algorithm.DIRECT, 0);
        double weights = image(DepthwisePass.WEIGHT_GRADIENT, Algorithm.DIRECT, 0);
        double packing = once(DepthwisePass.FORWARD, Algorithm.DIRECT, 0);
        assertThat(forward).isPositive();
        assertThat(image(DepthwisePass.INPUT_GRADIENT, Algorithm.DIRECT, 0)).isEqualTo(forward);
        assertThat(image(DepthwisePass.PREPARED_FORWARD, Algorithm.DIRECT, 0)).isCloseTo(forward, near(forward));
        assertThat(image(DepthwisePass.GRADIENTS, Algorithm.DIRECT, 0)).isCloseTo(forward + weights, near(forward));
        assertThat(packing).isPositive().isLessThan(forward);
        assertThat(once(DepthwisePass.GRADIENTS, Algorithm.DIRECT, 0)).isCloseTo(packing, near(forward));
        assertThat(once(DepthwisePass.PREPARED_FORWARD, Algorithm.DIRECT, 0)).isCloseTo(0, near(forward));
        assertThat(once(DepthwisePass.WEIGHT_GRADIENT, Algorithm.DIRECT, 0)).isCloseTo(0, near(forward));
    }

    /**
     * With m the work of transforming a map and p that of a product of spectra: 2m + p forward, 2m + p for the filters' gradient,
     * 3m + 2p for both gradients; a second kernel costs one more of each forward, and m + 2p back.
     */
    @Test
    void theFourierTransformsWork() {
        double forward = image(DepthwisePass.FORWARD, Algorithm.FFT, 0);
        double gradients = image(DepthwisePass.GRADIENTS, Algorithm.FFT, 0);
        double product = 2 * gradients - 3 * forward;
        double map = 2 * forward - gradients;
        double filters = once(DepthwisePass.FORWARD, Algorithm.FFT, 0);
        double both = once(DepthwisePass.FORWARD, Algorithm.FFT, 5);
        assertThat(product).isPositive().isLessThan(map);
        assertThat(2 * map + product).isCloseTo(forward, near(forward));
        assertThat(image(DepthwisePass.WEIGHT_GRADIENT, Algorithm.FFT, 0)).isCloseTo(forward, near(forward));
        assertThat(image(DepthwisePass.INPUT_GRADIENT, Algorithm.FFT, 0)).isCloseTo(forward, near(forward));
        assertThat(image(DepthwisePass.PREPARED_FORWARD, Algorithm.FFT, 0)).isCloseTo(forward, near(forward));
        assertThat(image(DepthwisePass.FORWARD, Algorithm.FFT, 5)).isCloseTo(gradients, near(forward));
        assertThat(image(DepthwisePass.GRADIENTS, Algorithm.FFT, 5)).isCloseTo(4 * map + 4 * product, near(forward));
        assertThat(filters).isPositive().isLessThan(map);
        assertThat(both - filters).as("the smaller filter").isPositive().isLessThan(filters);
        assertThat(once(DepthwisePass.PREPARED_FORWARD, Algorithm.FFT, 0)).isCloseTo(0, near(forward));
        assertThat(once(DepthwisePass.WEIGHT_GRADIENT, Algorithm.FFT, 0)).isCloseTo(filters, near(forward));
        assertThat(once(DepthwisePass.GRADIENTS, Algorithm.FFT, 5)).isCloseTo(2 * both, near(forward));
    }

    /** A dilated convolution takes a row of taps at a time: as many rows of taps as outputs have. */
    @Test
    void theWorkOfADilatedConvolutionGrowsWithItsOutputsAndTaps() {
        double three = dilated(28, 3);
        double five = dilated(28, 5);
        assertThat(five / three).isBetween(5.0 / 3, 25.0 / 9);
        assertThat(dilated(56, 3)).isCloseTo(4 * three, near(three));
    }

    private static double dilated(int side, int kernel) {
        return DepthwiseWork.of(
                DepthwiseTask.of(new ConvolutionShape(1, side, side, 16, kernel, 1, 2), DepthwisePass.PREPARED_FORWARD),
                Algorithm.DIRECT);
    }
}
