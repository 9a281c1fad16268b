package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;

/**
 * Reference numbers from SciPy 1.17.1:
 *
 * <pre>
 * def power(d,sd,n,a):
 *     nc=abs(d)*np.sqrt(n)/sd; t=stats.t.ppf(1-a/2,n-1)
 *     return stats.nct.sf(t,n-1,nc)+stats.nct.cdf(-t,n-1,nc)
 * </pre>
 */
class PowerTest {
    @ParameterizedTest
    @CsvSource({
        "1,   1,    10, 0.05,                 0.8030968566327219",
        "-1,  1,    10, 0.05,                 0.8030968566327219",
        "0.5, 2,    20, 0.05,                 0.18589792441147096",
        "6.4, 5.76, 8,  0.005555555555555556, 0.3271452953919634",
        "2,   1,    2,  0.05,                 0.17570741109776028",
        "3,   1,    5,  0.01,                 0.8947142418520224",
        "0,   1,    6,  0.05,                 0.05",
    })
    void agreesWithScipy(double distance, double sd, int n, double level, double power) {
        assertThat(Power.of(distance, sd, n, level)).isCloseTo(power, within(1e-7));
    }

    @ParameterizedTest
    @CsvSource({
        "1,   1,    0.05,                 0.8, 10",
        "1,   1,    0.05,                 0.9, 13",
        "6.4, 5.76, 0.005555555555555556, 0.9, 18",
        "0.5, 0.83, 0.005555555555555556, 0.9, 50",
        "10,  1,    0.05,                 0.9, 3",
    })
    void theFewestSeeds(double distance, double sd, double level, double power, int seeds) {
        assertThat(Power.seeds(distance, sd, level, power)).isEqualTo(seeds);
    }

    /** What it promises is what happens: 4,000 made-up experiments, of which as many are resolved. */
    @Test
    void isTheShareOfExperimentsThatResolveIt() {
        SplittableRandom random = new SplittableRandom(3);
        int n = 9;
        int resolved = 0;
        int rounds = 4000;
        for (int round = 0; round < rounds; round++) {
            PairedDifference d = new PairedDifference(random.doubles(n, 1e-12, 1)
                    .map(u -> 1.2 + Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble()))
                    .boxed()
                    .toList());
            resolved += d.p(0) < 0.05 ? 1 : 0;
        }
        assertThat((double) resolved / rounds).isCloseTo(Power.of(1.2, 1, n, 0.05), within(0.02));
    }

    @Test
    void whatCannotBeHadIsSaid() {
        assertThatThrownBy(() -> Power.seeds(0.01, 5, 0.05, 0.9))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "an effect of 0.01 against a standard deviation of 5 over seeds needs more than 1000 seeds");
        assertThatThrownBy(() -> Power.of(1, 0, 5, 0.05)).hasMessageContaining("sd above 0");
        assertThatThrownBy(() -> Power.seeds(1, 1, 0.05, 1)).hasMessage("a power is between 0 and 1, not 1.0");
    }
}
