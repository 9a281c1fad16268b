package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The vector operations that tasks are counted to take, put together from their parts by hand. */
class DepthwiseWorkTest {
    private static final int GROUPS = Math.ceilDiv(40, Correlation.SPECIES.length());

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
}
