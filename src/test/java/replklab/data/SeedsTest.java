package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void everyPurposeSeedAndCoordinateHasItsOwnNumbers() {
        Set<Long> seen = new HashSet<>();
        int generators = 0;
        for (Seeds.Purpose purpose : Seeds.Purpose.values()) {
            for (long seed = -2; seed < 3; seed++) {
                for (int epoch = 0; epoch < 20; epoch++) {
                    for (int position = 0; position < 20; position++) {
                        seen.add(Seeds.generator(seed, purpose, epoch, position).nextLong());
                        generators++;
                    }
                }
            }
        }
        assertThat(seen).hasSize(generators);
    }

    @Test
    void theSameCoordinatesGiveTheSameNumbers() {
        assertThat(Seeds.generator(5, Seeds.Purpose.MIX, 1, 2).nextLong())
                .isEqualTo(Seeds.generator(5, Seeds.Purpose.MIX, 1, 2).nextLong());
    }

    @Test
    void aPermutationHoldsEverythingOnceAndEveryOrderIsPossible() {
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            int[] order = Seeds.permutation(3, Seeds.generator(i, Seeds.Purpose.ORDER));
            assertThat(order).containsExactlyInAnyOrder(0, 1, 2);
            orders.add(Arrays.toString(order));
        }
        assertThat(orders).hasSize(6);
    }
}
