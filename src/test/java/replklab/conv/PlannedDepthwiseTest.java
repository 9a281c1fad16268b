package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.conv.ConvMemory.output;
import static replklab.conv.ConvMemory.random;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the planner says is what is done. */
class PlannedDepthwiseTest {
    private static final ConvolutionShape LARGE = new ConvolutionShape(2, 12, 9, 20, 9, 1, 1);
    private static final ConvolutionShape SMALL = LARGE.withKernel(3);
    private static final ConvolutionShape STRIDED = new ConvolutionShape(2, 12, 9, 20, 9, 2, 1);

    private final DepthwisePlanner planner = new DepthwisePlanner(DepthwiseCosts.builtIn(), null);
    private final PlannedDepthwise planned = new PlannedDepthwise(planner);

    @ParameterizedTest
    @EnumSource(names = {"DIRECT", "FFT"})
    void everyPassHasTheBitsOfTheAlgorithmThatIsNamed(Algorithm algorithm) {
        planner.prefer(algorithm);
        DepthwiseConvolution one = algorithm == Algorithm.FFT ? new FftDepthwise() : new DirectDepthwise();
        try (Arena arena = Arena.ofShared()) {
            SplittableRandom random = new SplittableRandom(3);
            MemorySegment x = random(arena, LARGE.inputSize(), random);
            MemorySegment w = random(arena, LARGE.filterSize(), random);
            MemorySegment[][] out = new MemorySegment[2][5];
            for (int i = 0; i < 2; i++) {
                DepthwiseConvolution conv = i == 0 ? planned : one;
                out[i] = new MemorySegment[] {
                    output(arena, LARGE.outputSize()),
                    output(arena, LARGE.inputSize()),
                    output(arena, LARGE.filterSize()),
                    output(arena, LARGE.inputSize()),
                    output(arena, LARGE.filterSize())
                };
                conv.forward(LARGE, x, w, Epilogue.NONE, out[i][0]);
                conv.inputGradient(LARGE, x, w, out[i][1]);
                conv.weightGradient(LARGE, x, x, out[i][2]);
                conv.gradients(LARGE, x, x, w, out[i][3], out[i][4]);
            }
            for (int k = 0; k < 5; k++) {
                assertThat(out[0][k].mismatch(out[1][k])).as("output %d", k).isEqualTo(-1);
            }
        }
        for (DepthwisePass pass : DepthwisePass.values()) {
            assertThat(planned.algorithm(LARGE, pass)).isEqualTo(algorithm.label());
        }
        assertThat(planned.prepares(LARGE)).isEqualTo(algorithm);
        assertThat(planned.supports(LARGE)).isTrue();
        assertThat(planned.supports(STRIDED)).isTrue();
        assertThat(planned.algorithm(STRIDED, DepthwisePass.FORWARD)).isEqualTo("direct");
        assertThat(planned.name()).isEqualTo("planned");
    }

    /** Filters that stay are prepared for any batch. */
    @Test
    void thePreparedFormDoesNotDependOnTheBatch() {
        planned.prepares(LARGE);
        planned.prepares(LARGE.withBatch(7));
        assertThat(planner.used().choices())
                .containsOnlyKeys(DepthwiseTask.of(LARGE.withBatch(1), DepthwisePass.PREPARED_FORWARD));
    }

    @ParameterizedTest
    @EnumSource(names = {"DIRECT", "FFT"})
    void aPairIsTheSameEitherWay(Algorithm algorithm) {
        planner.prefer(algorithm);
        boolean shared = algorithm == Algorithm.FFT;
        assertThat(planned.sharesTransforms(LARGE, SMALL, DepthwisePass.FORWARD))
                .isEqualTo(shared);
        assertThat(planned.sharesTransforms(LARGE, SMALL, DepthwisePass.GRADIENTS))
                .isEqualTo(shared);
        try (Arena arena = Arena.ofShared()) {
            KernelPair p = new KernelPair(LARGE, SMALL, arena);
            planned.forwardPair(LARGE, SMALL, p.x, p.wLarge, p.wSmall, p.yLarge, p.ySmall);
            p.assertOutputs();
            if (shared) {
                planned.gradientsPair(
                        LARGE, SMALL, p.x, p.dyLarge, p.dySmall, p.wLarge, p.wSmall, p.dx, p.dwLarge, p.dwSmall);
                p.assertGradients();
            }
        }
    }
}
