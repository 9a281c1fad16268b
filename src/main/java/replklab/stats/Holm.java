package replklab.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Holm's correction for the number of tests that are looked at together (S. Holm, "A simple sequentially rejective multiple test
 * procedure", Scandinavian Journal of Statistics 6, 1979): with it the chance that any of them is a false alarm stays below the level,
 * however they depend on each other.
 */
public final class Holm {
    private Holm() {}

    /**
     * The p-values as they count together: the smallest times their number, the next one times one less, and so on, none below the one
     * before it, none above 1.
     *
     * @param p each 0 to 1, or NaN where there was no test, which counts for none
     * @return in the same order; NaN where there was no test
     */
    public static double[] adjusted(double... p) {
        double[] adjusted = p.clone();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            if (p[i] < 0 || p[i] > 1) {
                throw new IllegalArgumentException("a p-value is 0 to 1, not " + p[i]);
            }
            if (!Double.isNaN(p[i])) {
                order.add(i);
            }
        }
        order.sort(Comparator.comparingDouble(i -> p[i]));
        double least = 0;
        for (int rank = 0; rank < order.size(); rank++) {
            int i = order.get(rank);
            least = Math.max(least, Math.min(1, (order.size() - rank) * p[i]));
            adjusted[i] = least;
        }
        return adjusted;
    }
}
