package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Reference numbers from SciPy 1.17.1:
 *
 * <pre>
 * import numpy as np; from scipy import stats
 * a=np.array([68.8,69.4,70.1,67.9,68.2]); b=np.array([72.7,73.9,72.1,71.8,73.3])
 * d=a-b; r=stats.ttest_rel(a,b); ci=r.confidence_interval(0.95)
 * print(d.mean(), d.std(ddof=1), ci.low, ci.high, d.mean()/d.std(ddof=1), r.pvalue)
 * # -3.879999999999998 1.1627553482998891 -5.323751454702849 -2.4362485452971474 -3.336901443345843 0.0017240274940591256
 * c=np.array([79.1,78.6,79.9,78.8,79.4]); e=np.array([81.8,81.1,82.0,81.2,81.9])
 * i=(a-b)-(c-e); r=stats.ttest_1samp(i,0); ci=r.confidence_interval(0.95)
 * print(i.mean(), i.std(ddof=1), ci.low, ci.high, i.mean()/i.std(ddof=1), r.pvalue)
 * # -1.4399999999999977 1.0114346246792185 -2.6958619600009195 -0.18413803999907574 -1.4237202928036015 0.03342202329447865
 * print(a.mean(), a.std(ddof=1), stats.t.interval(0.95,4,loc=a.mean(),scale=stats.sem(a)))
 * # 68.88 0.8927485648266226 (67.7715062476067, 69.9884937523933)
 * r=stats.ttest_rel([1.,2.5],[0.5,1.]); print(r.pvalue, r.confidence_interval(0.95))
 * # 0.2951672353008665 ConfidenceInterval(low=-5.353102368087347, high=7.353102368087347)
 * for m in (-1, -3): print(stats.ttest_1samp(d, m).pvalue)  # 0.005195721793664045  0.1658435536928207
 * flip=lambda x: stats.permutation_test((x,), np.mean, permutation_type='samples', n_resamples=np.inf).pvalue
 * print(flip(d), flip(d+3), flip(np.array([1.0,-1.0,0.5,2,-.25,.75])))  # 0.0625 0.25 0.34375
 * print(stats.t.interval(1-0.05/9,4,loc=d.mean(),scale=stats.sem(d)))  # -6.707027609122164 -1.0529723908778315
 * </pre>
 */
class PairedDifferenceTest {
    private static final Metric PERCENT = new Metric("accuracy", "test accuracy", "%", 1);

    private static final Offset<Double> CLOSE = within(1e-9);
    private static final double[] A = {68.8, 69.4, 70.1, 67.9, 68.2};
    private static final double[] B = {72.7, 73.9, 72.1, 71.8, 73.3};
    private static final double[] C = {79.1, 78.6, 79.9, 78.8, 79.4};
    private static final double[] E = {81.8, 81.1, 82.0, 81.2, 81.9};

    @Test
    void agreesWithScipy() {
        PairedDifference d = PairedDifference.of(A, B);
        assertThat(d.n()).isEqualTo(5);
        assertThat(d.mean()).isCloseTo(-3.879999999999998, CLOSE);
        assertThat(d.sd()).isCloseTo(1.1627553482998891, CLOSE);
        assertThat(d.low()).isCloseTo(-5.323751454702849, CLOSE);
        assertThat(d.high()).isCloseTo(-2.4362485452971474, CLOSE);
        assertThat(d.effectSize()).isCloseTo(-3.336901443345843, CLOSE);
        assertThat(d.p(0)).isCloseTo(0.0017240274940591256, CLOSE);
    }

    @Test
    void againstOtherValuesThanZero() {
        PairedDifference d = PairedDifference.of(A, B);
        assertThat(d.p(-1)).isCloseTo(0.005195721793664045, CLOSE);
        assertThat(d.p(-3)).isCloseTo(0.1658435536928207, CLOSE);
        assertThat(d.p(d.mean())).isOne();
    }

    @Test
    void signsFlipAsInScipy() {
        PairedDifference d = PairedDifference.of(A, B);
        assertThat(d.signFlipP(0)).isEqualTo(0.0625); // all five below zero: 2 of 32 ways
        assertThat(d.signFlipP(-3)).isEqualTo(0.25);
        assertThat(new PairedDifference(List.of(1.0, -1.0, 0.5, 2.0, -0.25, 0.75)).signFlipP(0))
                .isEqualTo(0.34375);
        assertThat(new PairedDifference(List.of(2.0, 2.0)).signFlipP(2)).isOne();
        assertThat(new PairedDifference(Collections.nCopies(21, 1.0)).signFlipP(0))
                .isNaN();
    }

    @Test
    void severalIntervalsThatHoldAtOnceAreWider() {
        PairedDifference d = PairedDifference.of(A, B);
        double half = StudentInterval.halfWidth(d.sd(), d.n(), 9);
        assertThat(d.mean() - half).isCloseTo(-6.707027609122164, CLOSE);
        assertThat(d.mean() + half).isCloseTo(-1.0529723908778315, CLOSE);
    }

    @Test
    void anInteractionIsADifferenceOfDifferences() {
        PairedDifference i = PairedDifference.of(A, B).minus(PairedDifference.of(C, E));
        assertThat(i.mean()).isCloseTo(-1.4399999999999977, CLOSE);
        assertThat(i.sd()).isCloseTo(1.0114346246792185, CLOSE);
        assertThat(i.low()).isCloseTo(-2.6958619600009195, CLOSE);
        assertThat(i.high()).isCloseTo(-0.18413803999907574, CLOSE);
        assertThat(i.effectSize()).isCloseTo(-1.4237202928036015, CLOSE);
        assertThat(i.p(0)).isCloseTo(0.03342202329447865, CLOSE);
    }

    @Test
    void twoSeedsAreEnough() {
        PairedDifference d = PairedDifference.of(new double[] {1, 2.5}, new double[] {0.5, 1});
        assertThat(d.p(0)).isCloseTo(0.2951672353008665, CLOSE);
        assertThat(d.low()).isCloseTo(-5.353102368087347, CLOSE);
        assertThat(d.high()).isCloseTo(7.353102368087347, CLOSE);
    }

    @Test
    void swappingTheSidesSwapsTheSigns() {
        PairedDifference d = PairedDifference.of(A, B);
        PairedDifference r = PairedDifference.of(B, A);
        assertThat(r.mean()).isCloseTo(-d.mean(), CLOSE);
        assertThat(r.low()).isCloseTo(-d.high(), CLOSE);
        assertThat(r.effectSize()).isCloseTo(-d.effectSize(), CLOSE);
        assertThat(r.p(0)).isCloseTo(d.p(0), CLOSE);
    }

    @Test
    void differencesThatAreAllTheSame() {
        PairedDifference none = PairedDifference.of(A, A);
        assertThat(none.effectSize()).isZero();
        assertThat(none.p(0)).isOne();
        assertThat(none.low()).isZero();
        PairedDifference one = PairedDifference.of(new double[] {2, 3, 4}, new double[] {1, 2, 3});
        assertThat(one.effectSize()).isInfinite().isPositive();
        assertThat(one.p(0)).isZero();
        assertThat(one.low()).isEqualTo(1).isEqualTo(one.high());
    }

    @Test
    void refusesWhatCannotBeCompared() {
        assertThatThrownBy(() -> PairedDifference.of(new double[] {1}, new double[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a paired difference needs at least 2 seeds, but has 1");
        assertThatThrownBy(() -> PairedDifference.of(A, new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("samples are paired by seed, but the first has 5 values and the second 2");
        assertThatThrownBy(() -> PairedDifference.of(new double[] {1, Double.NaN}, new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("paired differences must be finite, but number 2 of 2 is NaN");
    }

    @Test
    void summariesAgreeWithScipy() {
        Summary s = new Summary(List.of(68.8, 69.4, 70.1, 67.9, 68.2));
        assertThat(s.mean()).isCloseTo(68.88, CLOSE);
        assertThat(s.sd()).isCloseTo(0.8927485648266226, CLOSE);
        assertThat(s.low()).isCloseTo(67.7715062476067, CLOSE);
        assertThat(s.high()).isCloseTo(69.9884937523933, CLOSE);
        assertThat(s.text(PERCENT)).isEqualTo("68.9 ± 1.1");
    }

    @Test
    void percentagesStayWithinTheirs() {
        Summary wide = new Summary(List.of(45.0, 55.0));
        assertThat(wide.text(PERCENT)).isEqualTo("50.0 (0.0 to 100.0)");
        assertThat(wide.text(new Metric("loss", "test loss", "", 1))).isEqualTo("50.0 ± 63.5");
        assertThat(new Summary(List.of(99.0, 98.0, 99.5)).text(PERCENT)).isEqualTo("98.8 (96.9 to 100.0)");
    }

    @Test
    void summariesOfFewSeedsHaveNoInterval() {
        Summary one = new Summary(List.of(3.25));
        assertThat(one.sd()).isNaN();
        assertThat(one.halfWidth()).isNaN();
        assertThat(one.text(PERCENT)).isEqualTo("3.3");
        assertThat(new Summary(List.of()).mean()).isNaN();
        assertThat(new Summary(List.of()).text(PERCENT)).isEmpty();
    }
}
