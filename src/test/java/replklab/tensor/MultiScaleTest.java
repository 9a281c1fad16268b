package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;

/** What segmentation needs beside convolutions: adaptive pooling, patches, concatenation and dropout of channels. */
class MultiScaleTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 3", "2, 2, 8", "3, 2, 17", "6, 6, 4", "7, 5, 9", "8, 9, 2"})
    void adaptivePoolingIsTheMeanOfEachCell(int height, int width, int channels) {
        Tensor x = uniform(1, 2, 6, 7, channels);
        Tensor y = x.adaptiveAveragePool(height, width);
        assertThat(y.shape()).isEqualTo(Shape.of(2, height, width, channels));
        float[] values = x.toArray();
        float[] pooled = y.toArray();
        for (int i = 0; i < pooled.length; i++) {
            int c = i % channels;
            int column = i / channels % width;
            int row = i / channels / width % height;
            int image = i / channels / width / height;
            double sum = 0;
            int count = 0;
            for (int yy = 6 * row / height; yy < Math.ceil(6.0 * (row + 1) / height); yy++) {
                for (int xx = 7 * column / width; xx < Math.ceil(7.0 * (column + 1) / width); xx++, count++) {
                    sum += values[((image * 6 + yy) * 7 + xx) * channels + c];
                }
            }
            assertThat((double) pooled[i]).isCloseTo(sum / count, within(1e-6));
        }
        GradientCheck.of(t -> t[0].adaptiveAveragePool(height, width), x).holds();
    }

    @Test
    void oneCellIsTheGlobalMean() {
        Tensor x = uniform(1, 3, 40, 50, 11);
        assertThat(x.adaptiveAveragePool(1, 1).toArray())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(x.globalAveragePool().toArray());
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 5", "2, 4, 6", "2, 5, 7", "4, 9, 10", "3, 3, 3"})
    void patchesAreSquaresAndTheirGradientComesBack(int size, int height, int width) {
        int channels = 3;
        Tensor x = uniform(1, 2, height, width, channels);
        Tensor y = x.patches(size);
        assertThat(y.shape()).isEqualTo(Shape.of(2, height / size, width / size, size * size * channels));
        float[] values = x.toArray();
        float[] patches = y.toArray();
        int i = 0;
        for (int n = 0; n < 2; n++) {
            for (int row = 0; row < height / size; row++) {
                for (int column = 0; column < width / size; column++) {
                    for (int tap = 0; tap < size * size; tap++) {
                        int pixel = (n * height + row * size + tap / size) * width + column * size + tap % size;
                        for (int c = 0; c < channels; c++) {
                            assertThat(patches[i++]).isEqualTo(values[pixel * channels + c]);
                        }
                    }
                }
            }
        }
        GradientCheck.of(t -> t[0].patches(size), x).holds();
    }

    @Test
    void concatenationPutsChannelsSideBySide() {
        Tensor a = uniform(1, 2, 3, 2, 3);
        Tensor b = uniform(2, 2, 3, 2, 17);
        Tensor c = uniform(3, 2, 3, 2, 1);
        Tensor y = Tensor.concatenate(a, b, c);
        assertThat(y.shape()).isEqualTo(Shape.of(2, 3, 2, 21));
        for (int row = 0; row < 12; row++) {
            assertThat(y.toArray()[row * 21 + 2]).isEqualTo(a.toArray()[row * 3 + 2]);
            assertThat(y.toArray()[row * 21 + 3]).isEqualTo(b.toArray()[row * 17]);
            assertThat(y.toArray()[row * 21 + 20]).isEqualTo(c.toArray()[row]);
        }
        GradientCheck.of(t -> Tensor.concatenate(t), a, b, c).holds();
        GradientCheck.of(t -> Tensor.concatenate(t[0], b, t[0]), a).holds();
    }

    @Test
    void droppedChannelsAreZeroAndTheOthersGrow() {
        Tensor x = Tensor.full(1, 4, 3, 2, 50);
        assertThat(x.dropChannels(0.25)).as("outside training").isSameAs(x);
        try (Tape _ = Tape.training(3)) {
            float[] y = x.dropChannels(0.25).toArray();
            int dropped = 0;
            for (int image = 0; image < 4; image++) {
                for (int c = 0; c < 50; c++) {
                    float first = y[image * 300 + c];
                    assertThat(first).isIn(0f, (float) (1 / 0.75));
                    dropped += first == 0 ? 1 : 0;
                    for (int pixel = 1; pixel < 6; pixel++) {
                        assertThat(y[image * 300 + pixel * 50 + c]).isEqualTo(first);
                    }
                }
            }
            assertThat(dropped).isBetween(30, 70);
        }
        GradientCheck.of(t -> t[0].dropChannels(0.25), uniform(1, 2, 3, 2, 20)).holds();
    }

    @Test
    void refusesWhatCannotBe() {
        Tensor x = uniform(1, 2, 3, 4, 5);
        assertThatThrownBy(() -> x.patches(4))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("4x4");
        assertThatThrownBy(() -> x.patches(0)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> x.adaptiveAveragePool(0, 1)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> Tensor.concatenate(x, uniform(1, 2, 3, 5, 5)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("(2, 3, 5, 5)");
        assertThatThrownBy(Tensor::concatenate).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> x.dropChannels(1))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("1.0");
    }
}
