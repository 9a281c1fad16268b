package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import replklab.base.UsageException;

/** Convolution, bias, activation and residual in one operation equal the operations one by one, and differentiate. */
class FusedConvolutionTest {
    // 37 channels: no whole number of vectors.
    private final Tensor x = uniform(1, 2, 6, 5, 37);
    private final Tensor bias = uniform(2, 37);
    private final Tensor square = uniform(3, 37, 37);
    private final Tensor filter = uniform(4, 5, 5, 37);
    private final Tensor full = uniform(5, 37, 3, 3, 37);
    private final Tensor residual = uniform(6, 2, 6, 5, 37);

    @ParameterizedTest
    @EnumSource
    void equalsTheOperationsOneByOne(Activation kind) {
        for (Tensor b : new Tensor[] {bias, null}) {
            close(
                    x.pointwise(square, b, kind, residual),
                    x.pointwise(square, b).activation(kind).add(residual));
            close(x.pointwise(square, b, kind, null), x.pointwise(square, b).activation(kind));
            close(
                    x.depthwise(filter, b, 1, 1, kind),
                    x.depthwise(filter, b, 1, 1).activation(kind));
            close(
                    x.depthwise(filter, b, 2, 1, kind),
                    x.depthwise(filter, b, 2, 1).activation(kind));
            close(
                    x.convolution(full, b, 2, 1, kind),
                    x.convolution(full, b, 2, 1).activation(kind));
        }
    }

    @ParameterizedTest
    @EnumSource
    void frozenWeightsGiveTheSame(Activation kind) {
        Tensor frozen = square.copy().freeze();
        Tensor expected = x.pointwise(square, bias, kind, residual);
        close(x.pointwise(frozen, bias, kind, residual), expected);
        close(x.pointwise(frozen, bias, kind, residual), expected);
        close(x.depthwise(filter.copy().freeze(), bias, 1, 1, kind), x.depthwise(filter, bias, 1, 1, kind));
    }

    @Test
    void differentiatesOnATape() {
        GradientCheck.of(
                        t -> t[0].pointwise(t[1], t[2], Activation.GELU, t[3]),
                        uniform(1, 3, 4),
                        uniform(2, 4, 4),
                        uniform(3, 4),
                        uniform(4, 3, 4))
                .holds();
        GradientCheck.of(
                        t -> t[0].depthwise(t[1], t[2], 1, 1, Activation.SIGMOID),
                        uniform(1, 1, 3, 3, 2),
                        uniform(2, 3, 3, 2),
                        uniform(3, 2))
                .holds();
        GradientCheck.of(
                        t -> t[0].convolution(t[1], t[2], 1, 1, Activation.GELU),
                        uniform(1, 1, 3, 3, 2),
                        uniform(2, 2, 3, 3, 2),
                        uniform(3, 2))
                .holds();
    }

    @Test
    void aResidualOfAnotherShapeIsRefused() {
        assertThatThrownBy(() -> x.pointwise(square, null, Activation.RELU, bias))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("residual");
    }

    private static void close(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] values = expected.toArray();
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual.toArray()).containsExactly(values, within(1e-6f * largest));
    }
}
