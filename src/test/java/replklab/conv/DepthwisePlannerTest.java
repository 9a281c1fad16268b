package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.base.UsageException;

class DepthwisePlannerTest {
    private static final ConvolutionShape LARGE = new ConvolutionShape(4, 56, 56, 64, 31, 1, 1);
    private static final ConvolutionShape SMALL = LARGE.withKernel(3);
    private static final ConvolutionShape STRIDED = new ConvolutionShape(4, 56, 56, 64, 31, 2, 1);

    private final DepthwisePlanner planner = new DepthwisePlanner(DepthwiseCosts.builtIn(), null);

    private static DepthwiseTask forward(ConvolutionShape shape) {
        return DepthwiseTask.of(shape, DepthwisePass.FORWARD);
    }

    @Test
    void largeKernelsOnLargeMapsAreTransformedAndSmallOnesAreNot() {
        for (DepthwisePass pass : DepthwisePass.values()) {
            assertThat(planner.choose(DepthwiseTask.of(LARGE, pass)))
                    .as("%s", pass)
                    .isEqualTo(Algorithm.FFT);
            assertThat(planner.choose(DepthwiseTask.of(SMALL, pass)))
                    .as("%s", pass)
                    .isEqualTo(Algorithm.DIRECT);
        }
        assertThat(planner.choose(forward(STRIDED))).isEqualTo(Algorithm.DIRECT);
    }

    @Test
    void saysWhy() {
        assertThat(planner.explain(forward(LARGE)))
                .startsWith("4x64x56x56 kernel 31 stride 1 dilation 1 forward: fft, predicted direct ")
                .contains("fft ", "costs built into the library");
        assertThat(planner.explain(forward(STRIDED))).endsWith("direct, the only one that takes a stride or dilation");
        planner.prefer(Algorithm.DIRECT);
        assertThat(planner.explain(forward(LARGE))).endsWith("direct, as asked for (direct)");
    }

    @Test
    void aPreferenceHoldsWhereItCan() {
        planner.prefer(Algorithm.FFT);
        assertThat(planner.choose(forward(SMALL))).isEqualTo(Algorithm.FFT);
        assertThat(planner.choose(forward(STRIDED))).isEqualTo(Algorithm.DIRECT);
        planner.prefer(Algorithm.DIRECT);
        assertThat(planner.choose(new DepthwiseTask(LARGE, DepthwisePass.FORWARD, 5)))
                .isEqualTo(Algorithm.SEPARATE);
        planner.prefer(null);
        assertThat(planner.choose(forward(SMALL))).isEqualTo(Algorithm.DIRECT);
        assertThatThrownBy(() -> planner.prefer(Algorithm.SEPARATE)).isInstanceOf(UsageException.class);
    }

    @Test
    void aPlanIsReadBackAndRepeated() {
        planner.prefer(Algorithm.FFT);
        planner.choose(forward(SMALL));
        planner.choose(new DepthwiseTask(LARGE, DepthwisePass.GRADIENTS, 5));
        DepthwisePlan used = planner.used();
        DepthwisePlan read = DepthwisePlan.parse(used.text(), "plan.txt");
        assertThat(read).isEqualTo(used);

        DepthwisePlanner other = new DepthwisePlanner(DepthwiseCosts.builtIn(), null);
        other.replay(read);
        assertThat(other.choose(forward(SMALL))).isEqualTo(Algorithm.FFT);
        assertThat(other.explain(forward(SMALL))).endsWith("fft, as in the plan that is replayed");
    }

    /** Two kernels apart take what each takes by its better algorithm. */
    @Test
    void aPairsPredictionIsMadeOfItsKernels() {
        DepthwiseCosts costs = planner.costs();
        double apart = 0;
        for (int kernel : new int[] {31, 5}) {
            DepthwiseTask single = forward(LARGE.withKernel(kernel));
            apart += Math.min(costs.milliseconds(single, Algorithm.DIRECT), costs.milliseconds(single, Algorithm.FFT));
        }
        DepthwiseTask pair = new DepthwiseTask(LARGE, DepthwisePass.FORWARD, 5);
        double together = costs.milliseconds(pair, Algorithm.FFT);
        assertThat(planner.explain(pair))
                .contains("predicted separate %.3g ms, fft %.3g ms".formatted(apart, together));
        assertThat(planner.choose(pair)).isEqualTo(apart <= together ? Algorithm.SEPARATE : Algorithm.FFT);
    }

    @Test
    void whatWasChosenIsForgottenWhenAsked() {
        Algorithm usual = planner.choose(forward(SMALL));
        assertThat(planner.used().choices()).containsOnlyKeys(forward(SMALL));
        planner.forget();
        assertThat(planner.used().choices()).isEmpty();

        planner.choose(forward(SMALL));
        planner.replay(DepthwisePlan.of(Map.of(forward(SMALL), Algorithm.FFT)));
        assertThat(planner.choose(forward(SMALL))).isEqualTo(Algorithm.FFT);
        planner.endReplay();
        assertThat(planner.choose(forward(SMALL))).isEqualTo(usual).isEqualTo(Algorithm.DIRECT);

        assertThat(planner.preferred()).isNull();
        planner.prefer(Algorithm.FFT);
        assertThat(planner.preferred()).isEqualTo(Algorithm.FFT);
        assertThat(DepthwisePlanner.current()).isNotNull().isSameAs(DepthwisePlanner.current());
    }

    /** The small kernel may be as large as the other. */
    @Test
    void aPairOfEqualKernelsIsOne() {
        assertThat(new DepthwiseTask(LARGE, DepthwisePass.FORWARD, 31).candidates())
                .containsExactly(Algorithm.SEPARATE, Algorithm.FFT);
        assertThatThrownBy(() -> new DepthwiseTask(LARGE, DepthwisePass.FORWARD, 33))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void aPlanThatCannotBeRepeatedIsRefused() {
        DepthwisePlan wider = new DepthwisePlan(4096, Map.of());
        assertThatThrownBy(() -> planner.replay(wider))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("vectors of 4096 bits")
                .hasMessageContaining("-XX:MaxVectorSize=512 ");
        planner.replay(DepthwisePlan.of(Map.of()));
        assertThatThrownBy(() -> DepthwisePlan.parse("hello", "plan.txt")).hasMessageContaining("plan.txt is no");
        assertThatThrownBy(
                        () -> DepthwisePlan.parse("depthwise plan, vectors of 256 bits\n4x4 forward: fft", "plan.txt"))
                .hasMessageContaining("'4x4 forward' is no depthwise convolution");
        assertThatThrownBy(() -> DepthwisePlan.parse(
                        "depthwise plan, vectors of 256 bits\n" + forward(STRIDED) + ": fft", "plan.txt"))
                .hasMessageContaining("cannot be computed by fft; possible: direct");
    }

    @Test
    void measuredCostsAreReadBackOnlyWhereTheyHold() {
        DepthwiseCosts measured = DepthwiseCosts.measure();
        assertThat(DepthwiseCosts.parse(measured.text()))
                .hasValueSatisfying(read -> assertThat(read.text()).isEqualTo(measured.text()));
        assertThat(measured.milliseconds(forward(LARGE), Algorithm.FFT)).isPositive();
        assertThat(DepthwiseCosts.parse(measured.text().replaceFirst("kernels \\d+", "kernels 0")))
                .isEmpty();
        assertThat(DepthwiseCosts.parse(measured.text().replaceFirst("fft forward: \\S+", "fft forward: x")))
                .isEmpty();
        assertThat(DepthwiseCosts.parse("")).isEmpty();
    }
}
