package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;

class TwoWayBootstrapTest {
    private static final double QUANTILE = new NormalDistribution().inverseCumulativeProbability(0.975);

    private static double[][] scores(int seeds, int images, double ofSeeds, double ofImages, double ofBoth) {
        SplittableRandom random = new SplittableRandom(7);
        double[] rows = random.doubles(seeds, -ofSeeds, Math.nextUp(ofSeeds)).toArray();
        double[] columns =
                random.doubles(images, -ofImages, Math.nextUp(ofImages)).toArray();
        double[][] scores = new double[seeds][images];
        for (int s = 0; s < seeds; s++) {
            for (int i = 0; i < images; i++) {
                scores[s][i] = 1 + rows[s] + columns[i] + (2 * random.nextDouble() - 1) * ofBoth;
            }
        }
        return scores;
    }

    private static double halfWidth(double[][] scores) {
        TwoWayBootstrap.Interval found = TwoWayBootstrap.of(scores, 1);
        return (found.high() - found.low()) / 2;
    }

    private static double deviation(double[] values) {
        double mean = 0;
        double squares = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        for (double value : values) {
            squares += (value - mean) * (value - mean) / values.length; // of the draws, not of what they stand for
        }
        return Math.sqrt(squares);
    }

    @Test
    void whatNeverVariesHasNoWidth() {
        assertThat(TwoWayBootstrap.of(new double[][] {{2, 2, 2}, {2, 2, 2}}, 1))
                .isEqualTo(new TwoWayBootstrap.Interval(2, 2));
    }

    @Test
    void whereSeedsAloneVaryItIsTheBootstrapOverSeeds() {
        double[][] scores = scores(40, 30, 1, 0, 0);
        double[] rows = new double[40];
        for (int s = 0; s < 40; s++) {
            rows[s] = scores[s][0];
        }
        assertThat(halfWidth(scores)).isCloseTo(QUANTILE * deviation(rows) / Math.sqrt(40), within(0.01));
    }

    @Test
    void whereImagesAloneVaryItIsTheBootstrapOverImages() {
        double[][] scores = scores(5, 400, 0, 1, 0);
        assertThat(halfWidth(scores)).isCloseTo(QUANTILE * deviation(scores[0]) / Math.sqrt(400), within(0.003));
    }

    /** Owen's theorem 1: what seed and image decide together counts three times; so it is never too narrow by that. */
    @Test
    void whatBothDecideTogetherCountsThreeTimes() {
        double[][] scores = scores(40, 400, 0, 0, 1);
        double one = Math.sqrt(1 / 3.0) / Math.sqrt(40 * 400);
        assertThat(halfWidth(scores)).isCloseTo(QUANTILE * Math.sqrt(3) * one, within(0.002));
    }

    @Test
    void theSameSeedDrawsTheSame() {
        double[][] scores = scores(6, 50, 1, 1, 1);
        assertThat(TwoWayBootstrap.of(scores, 3)).isEqualTo(TwoWayBootstrap.of(scores, 3));
    }

    @Test
    void scoresOfOtherImagesAreRefused() {
        assertThatThrownBy(() -> TwoWayBootstrap.of(new double[][] {{1}}, 1))
                .hasMessageContaining("at least 2 seeds, not 1");
        assertThatThrownBy(() -> TwoWayBootstrap.of(new double[][] {{1, 2}, {1}}, 1))
                .hasMessageContaining("one has 1 and the first 2");
    }
}
