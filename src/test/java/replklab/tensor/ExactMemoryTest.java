package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.tensor.ArrayOperation.Binary;
import replklab.tensor.ArrayOperation.Concatenate;
import replklab.tensor.ArrayOperation.ConcatenateGradient;
import replklab.tensor.ArrayOperation.MaxGradient;
import replklab.tensor.ArrayOperation.Reduce;
import replklab.tensor.ArrayOperation.Repeat;
import replklab.tensor.ArrayOperation.Slice;
import replklab.tensor.ArrayOperation.SliceGradient;
import replklab.tensor.ArrayOperation.Softmax;
import replklab.tensor.ArrayOperation.SoftmaxGradient;
import replklab.tensor.ArrayOperation.Transpose;
import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.ConvolutionGradient;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwiseGradient;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.DepthwisePairGradient;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;
import replklab.tensor.ElementwiseOperation.Activate;
import replklab.tensor.ElementwiseOperation.ActivationGradient;
import replklab.tensor.ElementwiseOperation.Apply;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.ElementwiseOperation.Fill;
import replklab.tensor.ElementwiseOperation.Gate;
import replklab.tensor.ElementwiseOperation.GateGradient;
import replklab.tensor.ElementwiseOperation.Multiply;
import replklab.tensor.ElementwiseOperation.ScaleChannels;
import replklab.tensor.ElementwiseOperation.ScaleChannelsGradient;
import replklab.tensor.ElementwiseOperation.ScaleImages;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormEvaluation;
import replklab.tensor.NormOperation.BatchNormEvaluationGradient;
import replklab.tensor.NormOperation.BatchNormGradient;
import replklab.tensor.NormOperation.LayerNorm;
import replklab.tensor.NormOperation.LayerNormGradient;
import replklab.tensor.Reduction.CrossEntropy;
import replklab.tensor.Reduction.Sum;
import replklab.tensor.Reduction.SumOfSquares;
import replklab.tensor.SpaceOperation.AdaptiveAveragePool;
import replklab.tensor.SpaceOperation.AdaptiveAveragePoolGradient;
import replklab.tensor.SpaceOperation.GlobalAveragePool;
import replklab.tensor.SpaceOperation.GlobalAveragePoolGradient;
import replklab.tensor.SpaceOperation.MaxPool;
import replklab.tensor.SpaceOperation.MaxPoolGradient;
import replklab.tensor.SpaceOperation.Patches;
import replklab.tensor.SpaceOperation.PatchesGradient;
import replklab.tensor.SpaceOperation.ResizeBilinear;
import replklab.tensor.SpaceOperation.ResizeBilinearGradient;

/**
 * Operations stay inside their tensors: each lies in memory of exactly its size, as an array of ND4J's may, at no special
 * alignment, between NaNs. A NaN in a result was read from outside; a changed one was written there.
 */
class ExactMemoryTest {
    private static final int GUARD = 64;

    private final List<MemorySegment> guards = new ArrayList<>();
    private final List<Tensor> results = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 17, 19, 35})
    void convolutions(int channels) {
        Tensor x = filled(2, 5, 7, channels);
        Tensor bias = filled(channels);
        Tensor square = filled(channels, channels);
        for (Precision precision : Precision.values()) {
            for (Activation kind : Activation.values()) {
                Tensor residual = kind == Activation.NONE ? null : filled(2, 5, 7, channels);
                Backend.run(new Pointwise(x, square, bias, kind, residual, precision, result(2, 5, 7, channels)));
            }
            Backend.run(new PointwiseGradient(
                    x,
                    square,
                    filled(2, 5, 7, channels),
                    precision,
                    result(2, 5, 7, channels),
                    result(channels, channels),
                    result(channels)));
        }
        for (int stride = 1; stride <= 2; stride++) {
            for (int kernel : new int[] {1, 5, 13}) {
                Tensor w = filled(kernel, kernel, channels);
                int height = (5 - 1) / stride + 1;
                int width = (7 - 1) / stride + 1;
                Tensor dy = filled(2, height, width, channels);
                Backend.run(new Depthwise(x, w, bias, stride, 1, Activation.RELU, result(2, height, width, channels)));
                Backend.run(new DepthwiseGradient(
                        x,
                        w,
                        stride,
                        1,
                        dy,
                        result(2, 5, 7, channels),
                        result(kernel, kernel, channels),
                        result(channels)));
            }
            if (stride == 1) {
                Tensor large = filled(13, 13, channels);
                Tensor small = filled(5, 5, channels);
                Tensor[] ys = {result(2, 5, 7, channels), result(2, 5, 7, channels)};
                Backend.run(new DepthwisePair(x, large, small, ys[0], ys[1]));
                Tensor[] dws = {result(13, 13, channels), result(5, 5, channels)};
                Backend.run(new DepthwisePairGradient(
                        x, large, small, filled(2, 5, 7, channels), ys[0], result(2, 5, 7, channels), dws[0], dws[1]));
            }
            Tensor w = filled(4, 3, 3, channels);
            int height = (5 - 1) / stride + 1;
            int width = (7 - 1) / stride + 1;
            for (Precision precision : Precision.values()) {
                Backend.run(new Convolution(
                        x, w, filled(4), stride, 1, Activation.GELU, precision, result(2, height, width, 4)));
                Backend.run(new ConvolutionGradient(
                        x,
                        w,
                        stride,
                        1,
                        filled(2, height, width, 4),
                        precision,
                        result(2, 5, 7, channels),
                        result(4, 3, 3, channels),
                        result(4)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 17, 19, 35})
    void everythingElse(int channels) {
        int[] sizes = {2, 5, 3, channels};
        Tensor x = filled(sizes);
        Tensor z = filled(sizes);
        for (Activation kind : Activation.values()) {
            Backend.run(new Activate(kind, x, result(sizes)));
            Backend.run(new ActivationGradient(kind, x, z, result(sizes)));
        }
        Backend.run(new Combine(2, x, 3, z, result(sizes)));
        Backend.run(new Combine(2, x, 0, x, result(sizes)));
        Backend.run(new Multiply(x, z, result(sizes)));
        Backend.run(new ScaleImages(x, new float[] {2, 3}, result(sizes)));
        Tensor gate = filled(2, channels);
        Backend.run(new Gate(x, gate, result(sizes)));
        Backend.run(new GateGradient(x, gate, z, result(sizes), result(2, channels)));
        Backend.run(new Fill(result(sizes), 1));
        Backend.run(new GlobalAveragePool(x, result(2, channels)));
        Backend.run(new GlobalAveragePoolGradient(gate, result(sizes)));
        Backend.run(new ResizeBilinear(x, result(2, 7, 7, channels)));
        Backend.run(new ResizeBilinearGradient(filled(2, 7, 7, channels), result(sizes)));
        int[] labels = new int[30];
        Backend.reduce(new CrossEntropy(x, Targets.labels(labels), result(sizes)));
        assertThat(Backend.reduce(new Sum(x)) + Backend.reduce(new SumOfSquares(x)))
                .isNotNaN();
        Backend.run(new Apply(Apply.Function.EXP, x, result(sizes)));
        Tensor positive = guarded(between(2, 0.5, 1, sizes));
        Backend.run(new Apply(Apply.Function.LOG, positive, result(sizes)));
        Backend.run(new Apply(Apply.Function.SQRT, positive, result(sizes)));
        Backend.run(new MaxPool(x, 3, 2, 1, result(2, 3, 2, channels)));
        Backend.run(new MaxPoolGradient(x, 3, 2, 1, filled(2, 3, 2, channels), result(sizes)));
        Backend.run(new Binary(Binary.Arithmetic.MULTIPLY, x, filled(3, 1), result(sizes)));
        Backend.run(new Binary(Binary.Arithmetic.DIVIDE, filled(channels), positive, result(sizes)));
        Backend.run(new Repeat(filled(2, 1, 3, 1), result(sizes)));
        for (Reduce.Kind kind : Reduce.Kind.values()) {
            Backend.run(new Reduce(kind, x, result(2, 1, 3, channels)));
            Backend.run(new Reduce(kind, x, result(2, 5, 1, 1)));
        }
        Backend.run(new MaxGradient(x, filled(2, 1, 3, channels), result(sizes)));
        Backend.run(new Softmax(x, result(sizes)));
        Backend.run(new SoftmaxGradient(x, z, result(sizes)));
        Backend.run(new Transpose(x, new int[] {3, 0, 2, 1}, result(channels, 2, 3, 5)));
        Backend.run(new Slice(x, 2, 1, result(2, 5, 2, channels)));
        Backend.run(new SliceGradient(filled(2, 5, 2, channels), 2, 1, result(sizes)));
        Tensor[] parts = {filled(2, 2, 3, channels), filled(2, 3, 3, channels)};
        Backend.run(new Concatenate(parts, 1, result(sizes)));
        Tensor[] dparts = {result(2, 2, 3, channels), result(2, 3, 3, channels)};
        Backend.run(new ConcatenateGradient(x, 1, new int[] {2, 3}, dparts));
        Tensor scale = filled(channels);
        Tensor mean = result(channels);
        Tensor variance = result(channels);
        BatchNormTerms clamped = new BatchNormTerms(scale, scale, mean, variance, 1e-5, Activation.RELU6);
        Backend.run(new BatchNorm(x, clamped, result(sizes)));
        Backend.run(new BatchNormGradient(x, clamped, z, result(sizes), result(channels), result(channels)));
        BatchNormTerms plain = new BatchNormTerms(scale, scale, mean, variance, 1e-5, Activation.NONE);
        Backend.run(new BatchNormEvaluation(x, plain, result(sizes)));
        Backend.run(new BatchNormEvaluationGradient(x, plain, z, result(sizes), result(channels), result(channels)));
        BatchNormTerms smooth = new BatchNormTerms(scale, scale, mean, variance, 1e-5, Activation.GELU);
        Backend.run(new BatchNorm(x, smooth, result(sizes)));
        Backend.run(new BatchNormGradient(x, smooth, z, result(sizes), result(channels), result(channels)));
        Backend.run(new BatchNormGradient(x, smooth, z, null, result(channels), result(channels)));
        Backend.run(new LayerNorm(x, scale, scale, 1e-5, result(sizes)));
        Backend.run(new LayerNormGradient(x, scale, 1e-5, z, result(sizes), result(channels), result(channels)));
        Backend.run(new ScaleChannels(x, scale, result(sizes)));
        Backend.run(new ScaleChannelsGradient(x, scale, z, result(sizes), result(channels)));
        Backend.run(new AdaptiveAveragePool(x, result(2, 2, 2, channels)));
        Backend.run(new AdaptiveAveragePoolGradient(filled(2, 2, 2, channels), result(sizes)));
        Backend.run(new Patches(x, 2, result(2, 2, 1, 4 * channels)));
        Backend.run(new PatchesGradient(filled(2, 2, 1, 4 * channels), 2, result(sizes)));
        Tensor first = filled(sizes);
        Tensor second = guarded(Tensor.full(1, sizes));
        Backend.run(new OptimiserStep.Sgd(x, z, first, 1, 0.1f, 0.9f, 0.1f));
        Backend.run(new OptimiserStep.AdamW(x, z, first, second, 1, 0.1f, 0.9f, 0.99f, 1e-8f, 0.1f, 1));
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
