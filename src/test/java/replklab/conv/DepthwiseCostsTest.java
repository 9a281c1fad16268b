package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.Parallel;

class DepthwiseCostsTest {
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
}
