package replklab.conv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a transform's length is cut into radices, and which lengths are worth taking.
 *
 * <p>Few passes over the data beat cheap butterflies, as long as a butterfly's numbers fit the registers: there are 32
 * vector registers with AVX-512 and NEON, 16 with AVX2, where the large radices spill and still break even.
 */
final class Radices {
    private static final int[] ALL = {3, 4, 5, 6, 8, 9};

    /** Vector operations a point of each radix: its additions and multiplications, loads and stores. */
    private static final Map<Integer, Double> COST = Map.of(3, 8.0, 4, 8.0, 5, 11.2, 6, 10.0, 8, 10.5, 9, 13.8);

    /** Twiddle factors cost a load and two operations for each part of every leg but the first. */
    private static final double TWIDDLE = 5;

    private static final Map<Integer, int[]> CHOSEN = new ConcurrentHashMap<>();

    private Radices() {}

    /** The cheapest product of radices that makes {@code length}. */
    static int[] of(int length) {
        int[] found = CHOSEN.computeIfAbsent(length, Radices::search);
        if (found.length == 0) {
            throw new IllegalArgumentException("no transform of length " + length);
        }
        return found;
    }

    /** The cheapest length of at least {@code least} points. */
    static int lengthFor(int least) {
        int best = 0;
        double bestCost = Double.POSITIVE_INFINITY;
        // Every third power of two or multiple of three is near enough: no need to look further than twice the length.
        for (int length = Math.max(3, least); length <= Math.max(9, 2 * least); length++) {
            int[] radices = CHOSEN.computeIfAbsent(length, Radices::search);
            if (radices.length > 0 && length * cost(radices) < bestCost) {
                best = length;
                bestCost = length * cost(radices);
            }
        }
        return best;
    }

    /** Vector operations a point of a transform of a length that {@link #lengthFor} gave. */
    static double costPerPoint(int length) {
        return cost(of(length));
    }

    private static double cost(int[] radices) {
        double sum = 0;
        for (int i = 0; i < radices.length; i++) {
            sum += COST.get(radices[i]) + (i == 0 ? 0 : TWIDDLE * (radices[i] - 1) / radices[i]);
        }
        return sum;
    }

    private static int[] search(int length) {
        int[] best = new int[0];
        for (List<Integer> product : products(length)) {
            int[] radices = product.stream().mapToInt(Integer::intValue).toArray();
            if (best.length == 0 || cost(radices) < cost(best)) {
                best = radices;
            }
        }
        return best;
    }

    private static List<List<Integer>> products(int length) {
        List<List<Integer>> found = new ArrayList<>();
        for (int radix : ALL) {
            if (length == radix) {
                found.add(List.of(radix));
            } else if (length % radix == 0) {
                for (List<Integer> rest : products(length / radix)) {
                    List<Integer> product = new ArrayList<>(List.of(radix));
                    product.addAll(rest);
                    found.add(product);
                }
            }
        }
        return found;
    }
}
