package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlocksTest {
    /** Covers are remembered; of these numbers of taps none is yet. */
    private static int unheardOf = 11;

    private static List<BlockKind> kinds() {
        return BlockKind.ALL;
    }

    /** Every length, by blocks of which none is too many, the narrowest at the end, at the least cost of all covers. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aRowIsCoveredAtTheLeastCost(BlockKind kind) {
        for (int taps : new int[] {kind.taps(), 7 * kind.taps(), unheardOf++ * kind.taps()}) {
            for (int length = 1; length <= 40; length++) {
                List<Integer> widths = Blocks.cover(kind, length, taps);
                int sum = widths.stream().mapToInt(Integer::intValue).sum();
                assertThat(widths)
                        .as("%s, %d outputs", kind, length)
                        .isSortedAccordingTo((a, b) -> b - a)
                        .allMatch(kind.cyclesByWidth()::containsKey);
                assertThat(sum).isGreaterThanOrEqualTo(length);
                assertThat(sum - widths.getLast()).isLessThan(length);
                assertThat(Blocks.covered(kind, length, taps)).isEqualTo(sum);
                double cost = widths.stream()
                        .mapToDouble(width -> kind.cycles(width, taps))
                        .sum();
                assertThat(cost).isCloseTo(least(kind, length, taps), Offset.offset(1e-9 * cost));
            }
        }
    }

    /** Of all numbers of blocks of each width, tried out. */
    private static double least(BlockKind kind, int length, int taps) {
        return least(kind.cyclesByWidth().keySet().stream().toList(), 0, kind, length, taps);
    }

    private static double least(List<Integer> widths, int from, BlockKind kind, int length, int taps) {
        if (length <= 0) {
            return 0;
        }
        if (from == widths.size()) {
            return Double.POSITIVE_INFINITY;
        }
        int width = widths.get(from);
        double least = Double.POSITIVE_INFINITY;
        for (int count = 0; count <= Math.ceilDiv(length, width); count++) {
            double rest = least(widths, from + 1, kind, length - count * width, taps);
            least = Math.min(least, count * kind.cycles(width, taps) + rest);
        }
        return least;
    }
}
