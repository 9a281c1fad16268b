package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.Parallel;

class DepthwiseCostsTest {
    private static final ConvolutionShape SQUARE = new ConvolutionShape(3, 28, 28, 40, 7, 1, 1);

    /** Costs that tell every entry of the table from every other, for maps of 7, 14, 28 and 56. */
    private static DepthwiseCosts costs() {
        String validity = DepthwiseCosts.builtIn().text().lines().findFirst().orElseThrow();
        return DepthwiseCosts.parse(validity + "\ndirect forward: 1 2 3 4\ndirect gradients: 10 20 30 40\n"
                        + "fft forward: 100 200 300 400\nfft gradients: 1000 2000 3000 4000\n")
                .orElseThrow();
    }

    private static double nanoseconds(int height, int width, DepthwisePass pass, Algorithm algorithm) {
        DepthwiseTask task = DepthwiseTask.of(new ConvolutionShape(3, height, width, 40, 7, 1, 1), pass);
        return costs().milliseconds(task, algorithm) * 1e6 * Parallel.threads() / DepthwiseWork.of(task, algorithm);
    }

    /** As measured at the sides that were, between them by the logarithm, beyond as at the last one. */
    @ParameterizedTest
    @CsvSource({
        "7, 7, 1",
        "14, 14, 2",
        "28, 28, 3",
        "56, 56, 4",
        "1, 1, 1",
        "3, 90, 2.231",
        "100, 100, 4",
        "7, 14, 1.5",
        "14, 28, 2.5",
        "56, 28, 3.5",
        "14, 7, 1.5"
    })
    void followTheSideOfTheMap(int height, int width, double each) {
        assertThat(nanoseconds(height, width, DepthwisePass.FORWARD, Algorithm.DIRECT))
                .isCloseTo(each, Offset.offset(1e-3));
    }

    @Test
    void eachAlgorithmAndPassHasItsOwn() {
        for (DepthwisePass pass : DepthwisePass.values()) {
            boolean forward = pass == DepthwisePass.FORWARD
                    || pass == DepthwisePass.PREPARED_FORWARD
                    || pass == DepthwisePass.INPUT_GRADIENT;
            double direct = forward ? 3 : 30;
            assertThat(nanoseconds(28, 28, pass, Algorithm.DIRECT)).isCloseTo(direct, Offset.offset(1e-9));
            assertThat(nanoseconds(28, 28, pass, Algorithm.FFT)).isCloseTo(100 * direct, Offset.offset(1e-9));
        }
    }

    @Test
    void whatIsDamagedOrIncompleteIsNotRead() {
        String text = costs().text();
        assertThat(DepthwiseCosts.parse(text)).isPresent();
        assertThat(DepthwiseCosts.parse(text.replace("fft gradients", "fft gradient")))
                .isEmpty();
        assertThat(DepthwiseCosts.parse(text.replace("direct forward", "direct fore")))
                .isEmpty();
        assertThat(DepthwiseCosts.parse(text.replace(" 3.00000", " 0.00000"))).isEmpty();
        assertThat(DepthwiseCosts.parse(text.replace(" 3.00000", ""))).isEmpty();
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

    private static Offset<Double> near(double size) {
        return Offset.offset(1e-9 * size);
    }
}
