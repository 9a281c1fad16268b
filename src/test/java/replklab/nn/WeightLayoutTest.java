package replklab.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import replklab.tensor.Shape;

/** Weights in files lie channels first, as in PyTorch; here they lie channels last. */
class WeightLayoutTest {
    private static final int OUT = 2;
    private static final int IN = 3;
    private static final int K = 5;

    @Test
    void convolutionIsOutInKernelKernelInFiles() {
        Shape memory = Shape.of(OUT, K, K, IN);
        float[] values = counted(memory);
        float[] file = WeightLayout.CONVOLUTION.toFile(values, memory);
        assertThat(WeightLayout.CONVOLUTION.fileShape(memory)).isEqualTo(Shape.of(OUT, IN, K, K));
        for (int o = 0; o < OUT; o++) {
            for (int c = 0; c < IN; c++) {
                for (int i = 0; i < K; i++) {
                    for (int j = 0; j < K; j++) {
                        assertThat(file[((o * IN + c) * K + i) * K + j])
                                .isEqualTo(values[((o * K + i) * K + j) * IN + c]);
                    }
                }
            }
        }
    }

    @Test
    void depthwiseIsChannelsOneKernelKernelInFiles() {
        Shape memory = Shape.of(K, K, IN);
        float[] values = counted(memory);
        float[] file = WeightLayout.DEPTHWISE.toFile(values, memory);
        assertThat(WeightLayout.DEPTHWISE.fileShape(memory)).isEqualTo(Shape.of(IN, 1, K, K));
        for (int c = 0; c < IN; c++) {
            for (int i = 0; i < K; i++) {
                for (int j = 0; j < K; j++) {
                    assertThat(file[(c * K + i) * K + j]).isEqualTo(values[(i * K + j) * IN + c]);
                }
            }
        }
    }

    @Test
    void pointwiseAndPlainLieAlike() {
        Shape memory = Shape.of(OUT, IN);
        float[] values = counted(memory);
        assertThat(WeightLayout.POINTWISE.fileShape(memory)).isEqualTo(Shape.of(OUT, IN, 1, 1));
        assertThat(WeightLayout.POINTWISE.toFile(values, memory)).containsExactly(values);
        assertThat(WeightLayout.PLAIN.fileShape(memory)).isEqualTo(memory);
        assertThat(WeightLayout.PLAIN.toFile(values, memory)).containsExactly(values);
    }

    @Test
    void readingUndoesWriting() {
        for (WeightLayout layout : WeightLayout.values()) {
            Shape memory = switch (layout) {
                case PLAIN -> Shape.of(K);
                case POINTWISE -> Shape.of(OUT, IN);
                case DEPTHWISE -> Shape.of(K, K, IN);
                case CONVOLUTION -> Shape.of(OUT, K, K, IN);
            };
            float[] values = counted(memory);
            float[] kept = values.clone();
            assertThat(layout.fromFile(layout.toFile(values, memory), memory))
                    .as(layout.name())
                    .containsExactly(kept);
            assertThat(values).containsExactly(kept);
        }
    }

    private static float[] counted(Shape shape) {
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return values;
    }
}
