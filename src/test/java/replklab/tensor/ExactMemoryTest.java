package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.uniform;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operations stay inside their tensors: each lies in memory of exactly its size, as an array of ND4J's may, at no special
 * alignment, between NaNs. A NaN in a result was read from outside; a changed one was written there.
 */
class ExactMemoryTest {
    private static final int GUARD = 64;

    private final Backend backend = Backend.current();
    private final List<MemorySegment> guards = new ArrayList<>();
    private final List<Tensor> results = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 17, 19, 35})
    void convolutions(int channels) {
        Tensor x = filled(2, 5, 7, channels);
        Tensor bias = filled(channels);
        Tensor square = filled(channels, channels);
        backend.pointwise(x, square, bias, Activation.NONE, null, result(2, 5, 7, channels));
        for (Activation kind : Activation.values()) {
            backend.pointwise(x, square, bias, kind, filled(2, 5, 7, channels), result(2, 5, 7, channels));
        }
        backend.pointwiseGradient(
                x,
                square,
                filled(2, 5, 7, channels),
                result(2, 5, 7, channels),
                result(channels, channels),
                result(channels));
        for (int stride = 1; stride <= 2; stride++) {
            for (int kernel : new int[] {1, 5, 13}) {
                Tensor w = filled(kernel, kernel, channels);
                int height = (5 - 1) / stride + 1;
                int width = (7 - 1) / stride + 1;
                Tensor dy = filled(2, height, width, channels);
                backend.depthwise(x, w, bias, stride, 1, Activation.RELU, result(2, height, width, channels));
                backend.depthwiseGradient(
                        x,
                        w,
                        stride,
                        1,
                        dy,
                        result(2, 5, 7, channels),
                        result(kernel, kernel, channels),
                        result(channels));
            }
            Tensor w = filled(4, 3, 3, channels);
            int height = (5 - 1) / stride + 1;
            int width = (7 - 1) / stride + 1;
            backend.convolution(x, w, filled(4), stride, 1, Activation.GELU, result(2, height, width, 4));
            backend.convolutionGradient(
                    x,
                    w,
                    stride,
                    1,
                    filled(2, height, width, 4),
                    result(2, 5, 7, channels),
                    result(4, 3, 3, channels),
                    result(4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 17, 19, 35})
    void everythingElse(int channels) {
        int[] sizes = {2, 5, 3, channels};
        Tensor x = filled(sizes);
        Tensor z = filled(sizes);
        for (Activation kind : Activation.values()) {
            backend.activation(kind, x, result(sizes));
            backend.activationGradient(kind, x, z, result(sizes));
        }
        backend.combine(2, x, 3, z, result(sizes));
        backend.combine(2, x, 0, x, result(sizes));
        backend.multiply(x, z, result(sizes));
        backend.scaleImages(x, new float[] {2, 3}, result(sizes));
        Tensor gate = filled(2, channels);
        backend.gate(x, gate, result(sizes));
        backend.gateGradient(x, gate, z, result(sizes), result(2, channels));
        backend.fill(result(sizes), 1);
        backend.globalAveragePool(x, result(2, channels));
        backend.globalAveragePoolGradient(gate, result(sizes));
        backend.resizeBilinear(x, result(2, 7, 7, channels));
        backend.resizeBilinearGradient(filled(2, 7, 7, channels), result(sizes));
        int[] labels = new int[30];
        backend.crossEntropy(x, Targets.labels(labels), result(sizes));
        assertThat(backend.sum(x) + backend.sumOfSquares(x)).isNotNaN();
        Tensor scale = filled(channels);
        Tensor mean = result(channels);
        Tensor variance = result(channels);
        BatchNormTerms clamped = new BatchNormTerms(scale, scale, mean, variance, 1e-5, Activation.RELU6);
        backend.batchNorm(x, clamped, result(sizes));
        backend.batchNormGradient(x, clamped, z, result(sizes), result(channels), result(channels));
        BatchNormTerms plain = new BatchNormTerms(scale, scale, mean, variance, 1e-5, Activation.NONE);
        backend.batchNormEvaluation(x, plain, result(sizes));
        backend.batchNormEvaluationGradient(x, plain, z, result(sizes), result(channels), result(channels));
        Tensor first = filled(sizes);
        Tensor second = guarded(Tensor.full(1, sizes));
        backend.sgdStep(x, z, first, 1, 0.1f, 0.9f, 0.1f);
        backend.adamWStep(x, z, first, second, 1, 0.1f, 0.9f, 0.99f, 1e-8f, 0.1f, 1);
        results.addAll(List.of(x, first, second));
    }

    @AfterEach
    void nothingWasReadOrWrittenOutside() {
        for (int i = 0; i < results.size(); i++) {
            for (float value : results.get(i).toArray()) {
                assertThat(Float.isNaN(value)).as("NaN in result %d", i).isFalse();
            }
        }
        for (MemorySegment guard : guards) {
            for (float value : guard.toArray(ValueLayout.JAVA_FLOAT)) {
                assertThat(Float.isNaN(value)).as("guard is untouched").isTrue();
            }
        }
    }

    private Tensor filled(int... sizes) {
        return guarded(uniform(1, sizes));
    }

    /** A tensor of NaNs, all of which the operation must overwrite. */
    private Tensor result(int... sizes) {
        Tensor result = guarded(Tensor.full(Float.NaN, sizes));
        results.add(result);
        return result;
    }

    private Tensor guarded(Tensor contents) {
        int elements = (int) contents.shape().elements();
        MemorySegment all = Arena.ofAuto().allocate((elements + 2L * GUARD + 1) * Float.BYTES, 64);
        for (int i = 0; i < elements + 2 * GUARD + 1; i++) {
            all.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NaN);
        }
        // One float past a cache line.
        long start = (GUARD + 1L) * Float.BYTES;
        long bytes = (long) elements * Float.BYTES;
        guards.add(all.asSlice(0, start));
        guards.add(all.asSlice(start + bytes));
        Tensor tensor = new Tensor(contents.shape(), Storage.of(all.asSlice(start, bytes)));
        tensor.assign(contents);
        return tensor;
    }
}
