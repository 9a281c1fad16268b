package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.nn.Depthwise;
import replklab.nn.Sequential;
import replklab.tensor.Tensor;

class FieldGrowthTest {
    @Test
    void anExactLawIsFound() {
        FieldGrowth growth = FieldGrowth.of(sizes(1, 0.5, 0));
        assertThat(growth.kernel().value()).isCloseTo(1, within(1e-9));
        assertThat(growth.depth().value()).isCloseTo(0.5, within(1e-9));
        assertThat(growth.slope().value()).isCloseTo(0.4, within(1e-9));
        assertThat(growth.slope().high() - growth.slope().low()).isLessThan(1e-6);
        assertThat(growth.networks()).isEqualTo(12);
    }

    /** Of 200 fits to noisy sizes, about 95 % of the intervals must hold the truth. */
    @Test
    void intervalsHoldTheTruthAsOftenAsTheySay() {
        int kernel = 0;
        int depth = 0;
        for (int trial = 1; trial <= 200; trial++) {
            FieldGrowth growth = FieldGrowth.of(sizes(0.9, 0.3, trial));
            kernel += holds(growth.kernel(), 0.9);
            depth += holds(growth.depth(), 0.3);
        }
        assertThat(kernel).isBetween(180, 199);
        assertThat(depth).isBetween(180, 199);
    }

    private static int holds(FieldGrowth.Estimate estimate, double truth) {
        return estimate.low() <= truth && truth <= estimate.high() ? 1 : 0;
    }

    private static List<FieldSize> sizes(double kernelExponent, double depthExponent, long noiseSeed) {
        SplittableRandom random = new SplittableRandom(noiseSeed);
        List<FieldSize> sizes = new ArrayList<>();
        for (int kernel : new int[] {3, 7, 13, 31}) {
            for (int depth : new int[] {1, 4, 9}) {
                double noise = noiseSeed == 0 ? 0 : 0.1 * random.nextGaussian();
                sizes.add(new FieldSize(
                        kernel,
                        depth,
                        0.4 * Math.pow(kernel, kernelExponent) * Math.pow(depth, depthExponent) * Math.exp(noise)));
            }
        }
        return sizes;
    }

    /** Luo et al. (arXiv:1701.04128): of a stack of random filters, the squared radius is as that of K x K steps, L times. */
    @Test
    void aStackOfRandomFiltersGrowsAsTheTheorySays() {
        int kernel = 5;
        int depth = 6;
        SplittableRandom random = new SplittableRandom(1);
        List<Depthwise> layers = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            layers.add(new Depthwise(512, kernel, 1, 1, random));
        }
        Sequential stack = new Sequential(layers);
        int side = 1 + depth * (kernel - 1);
        Tensor image = Tensor.normal(random, 1, 1, side, side, 512);
        double radius = new EffectiveReceptiveField(stack::forward)
                .score(ImageSource.of(image))
                .radius();
        // The gradient's variance spreads by (K² - 1) / 12 a layer and axis, its absolute value by twice as much.
        assertThat(radius).isCloseTo(Math.sqrt(depth * (kernel * kernel - 1) / 3.0), within(0.7));
    }

    @Test
    void whatCannotBeFittedIsRefused() {
        FieldSize size = new FieldSize(3, 2, 1.5);
        assertThatThrownBy(() -> FieldGrowth.of(List.of(size, size, size)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("from 3 networks");
        assertThatThrownBy(() -> FieldGrowth.of(List.of(size, size, size, size)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not apart");
        assertThatThrownBy(() -> new FieldSize(3, 0, 1)).isInstanceOf(UsageException.class);
    }
}
