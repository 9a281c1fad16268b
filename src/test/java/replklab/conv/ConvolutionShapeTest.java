package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;

class ConvolutionShapeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 5, 5, 3, 3, 1, 1, batch of a depthwise convolution is 0",
        "2, 0, 5, 3, 3, 1, 1, height of a depthwise convolution is 0",
        "2, 5, -1, 3, 3, 1, 1, width of a depthwise convolution is -1",
        "2, 5, 5, 0, 3, 1, 1, channels of a depthwise convolution is 0",
        "2, 5, 5, 3, 4, 1, 1, kernel size is 4",
        "2, 5, 5, 3, 65, 1, 1, kernel size is 65",
        "2, 5, 5, 3, -1, 1, 1, kernel size is -1",
        "2, 5, 5, 3, 3, 0, 1, stride of a depthwise convolution is 0",
        "2, 5, 5, 3, 3, 1, 0, dilation of a depthwise convolution is 0",
    })
    void refusesWhatIsNone(
            int batch, int height, int width, int channels, int kernel, int stride, int dilation, String message) {
        assertThatThrownBy(() -> new ConvolutionShape(batch, height, width, channels, kernel, stride, dilation))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void theSmallestAndTheLargestKernelAreTaken() {
        assertThat(new ConvolutionShape(1, 1, 1, 1, 1, 1, 1).padding()).isZero();
        assertThat(new ConvolutionShape(1, 1, 1, 1, 63, 1, 1).padding()).isEqualTo(31);
        assertThat(ConvolutionShape.requireKernel(63)).isEqualTo(63);
    }

    /** Each output's taps, counted where they fall. */
    @ParameterizedTest
    @CsvSource({"7, 9, 3, 1, 1", "7, 9, 5, 2, 1", "9, 7, 3, 1, 2", "5, 4, 31, 1, 1", "8, 11, 7, 3, 2", "1, 6, 3, 2, 1"})
    void countsTheProductsThatTouchTheImage(int height, int width, int kernel, int stride, int dilation) {
        ConvolutionShape shape = new ConvolutionShape(2, height, width, 3, kernel, stride, dilation);
        int touching = 0;
        for (int y = 0; y < height; y += stride) {
            for (int x = 0; x < width; x += stride) {
                for (int i = -(kernel / 2); i <= kernel / 2; i++) {
                    for (int j = -(kernel / 2); j <= kernel / 2; j++) {
                        int row = y + i * dilation;
                        int column = x + j * dilation;
                        touching += row >= 0 && row < height && column >= 0 && column < width ? 1 : 0;
                    }
                }
            }
        }
        assertThat(shape.validMacs()).isEqualTo(2L * 3 * touching);
    }
}
