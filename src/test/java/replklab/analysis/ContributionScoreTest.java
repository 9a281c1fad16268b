package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.base.UsageException;

class ContributionScoreTest {
    @Test
    void anEvenScoreNeedsAsMuchAreaAsItsShare() {
        double[] even = new double[101 * 101];
        Arrays.fill(even, 1);
        ContributionScore score = ContributionScore.of(101, 101, 1, even);
        // Sides 45, 47 and 71 hold 19.9, 21.7 and 49.4 %.
        assertThat(score.area(0.2)).isEqualTo(new ContributionArea(0.2, 47, 47, 47.0 * 47 / (101 * 101)));
        assertThat(score.area(0.5).height()).isEqualTo(73);
        assertThat(score.areas()).extracting(ContributionArea::share).containsExactly(0.2, 0.3, 0.5, 0.99);
    }

    @Test
    void onePixelIsTheWholeArea() {
        double[] point = new double[8 * 8];
        point[4 * 8 + 4] = 3;
        ContributionScore score = ContributionScore.of(8, 8, 1, point);
        assertThat(score.areas()).allMatch(area -> area.height() == 1 && area.width() == 1 && area.ratio() == 1.0 / 64);
        assertThat(score.radius()).isZero();
    }

    /** The share must be passed, not reached, as the authors' script has it. */
    @Test
    void theShareMustBePassed() {
        double[] values = new double[5 * 5];
        values[12] = 9;
        values[6] = 9;
        assertThat(ContributionScore.of(5, 5, 1, values).area(0.5).height()).isEqualTo(3);
        assertThat(ContributionScore.of(5, 5, 1, values).area(0.499).height()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "9, 9", "12, 20", "20, 7"})
    void aSquareThatLeavesTheImageIsCutOff(int height, int width) {
        // Everything in one corner: only the whole image holds 99 %.
        double[] corner = new double[height * width];
        corner[0] = 1;
        ContributionArea area = ContributionScore.of(height, width, 1, corner).area(0.99);
        assertThat(area.ratio()).isEqualTo(1);
        assertThat(area.height()).isEqualTo(height);
        assertThat(area.width()).isEqualTo(width);
    }

    /** The authors' loop, written down. */
    @ParameterizedTest
    @ValueSource(ints = {64, 65})
    void areasAreTheAuthorsWhereTheSquareFits(int side) {
        double[] values = new double[side * side];
        Random random = new Random(side);
        for (int i = 0; i < values.length; i++) {
            double y = (double) (i / side) / side - 0.5;
            double x = (double) (i % side) / side - 0.5;
            values[i] = 50 * random.nextDouble() * Math.exp(-20 * (x * x + y * y));
        }
        ContributionScore score = ContributionScore.of(side, side, 4, values);
        double whole = 0;
        for (double value : values) {
            whole += Math.log10(value / 4 + 1);
        }
        for (ContributionArea area : score.areas()) {
            int reach = 1;
            while (!(square(values, side, reach) / whole > area.share())) {
                reach++;
            }
            assertThat(area.height()).isEqualTo(2 * reach + 1).isLessThan(side);
            assertThat(area.ratio()).isCloseTo(Math.pow(2 * reach + 1.0, 2) / (side * side), within(1e-12));
        }
    }

    private static double square(double[] values, int side, int reach) {
        double sum = 0;
        for (int y = side / 2 - reach; y <= side / 2 + reach; y++) {
            for (int x = side / 2 - reach; x <= side / 2 + reach; x++) {
                sum += Math.log10(values[y * side + x] / 4 + 1);
            }
        }
        return sum;
    }

    @Test
    void radiusIsTheRootOfTheMeanSquaredDistance() {
        double[] values = new double[7 * 9];
        values[3 * 9 + 4 + 3] = 1; // 3 to the right of the centre
        values[(3 - 1) * 9 + 4] = 1; // 1 above it
        assertThat(ContributionScore.of(7, 9, 5, values).radius()).isCloseTo(Math.sqrt((9 + 1) / 2.0), within(1e-12));
        assertThat(ContributionScore.of(
                                7, 9, 1, Arrays.stream(values).map(v -> 1e6 * v).toArray())
                        .radius())
                .isCloseTo(Math.sqrt(5), within(1e-12));
    }

    @Test
    void thePictureGoesUpToOne() {
        ContributionScore score = ContributionScore.of(2, 2, 2, new double[] {0, 18, 198, 1998});
        assertThat(score.logarithmic()).containsExactly(new double[] {0, 1, 2, 3}, within(1e-12));
        assertThat(score.picture()[1]).containsExactly(new double[] {2 / 3.0, 1}, within(1e-12));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> ContributionScore.of(2, 2, 1, new double[3])).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> ContributionScore.of(1, 1, 1, new double[] {Double.NaN}))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("NaN");
        ContributionScore score = ContributionScore.of(1, 1, 1, new double[] {1});
        assertThatThrownBy(() -> score.area(1)).hasMessageContaining("share of the contribution score is 1.0");
        assertThatThrownBy(() -> score.plus(ContributionScore.of(1, 2, 1, new double[2])))
                .hasMessageContaining("1x1 and of 1x2");
    }
}
