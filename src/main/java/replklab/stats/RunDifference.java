package replklab.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * One set of runs against another one, the same in everything else, tested: paired by seed where at least two seeds are on both sides, by
 * Welch where they are not.
 *
 * @param where what both sides have in common, by column
 * @param test {@code "paired t"}, {@code "Welch t"}, or {@code "too few runs"}
 * @param n what was compared, such as {@code "5 pairs"}, {@code "5 against 3"} or {@code "5 pairs, 1 diverged"}
 * @param a mean of one side, of the seeds that count
 * @param b mean of the other side
 * @param values the differences by seed; empty where they are not paired
 * @param mean of {@code a} minus {@code b}; NaN where there are too few runs, as are the following
 * @param low lower end of the 95 % interval
 * @param high upper end
 * @param effectSize difference in units of the standard deviation (paired: of the differences)
 * @param p two-sided, of a difference of zero
 */
public record RunDifference(
        Map<String, String> where,
        String test,
        String n,
        double a,
        double b,
        List<Double> values,
        double mean,
        double low,
        double high,
        double effectSize,
        double p) {
    private static final String NOT_FINITE = "not finite";

    public RunDifference {
        where = Collections.unmodifiableMap(new LinkedHashMap<>(where));
        values = List.copyOf(values);
    }

    /**
     * Compares two sides.
     *
     * @param one value by seed
     * @param other value by seed
     * @param guessed seeds of runs on either side that diverged, whose value is that of a guess
     */
    static RunDifference of(
            Map<String, String> where,
            NavigableMap<Long, Double> one,
            NavigableMap<Long, Double> other,
            Set<Long> guessed) {
        Set<Long> both = new TreeSet<>(one.keySet());
        both.retainAll(other.keySet());
        if (both.size() >= 2) {
            List<Double> a = both.stream().map(one::get).toList();
            List<Double> b = both.stream().map(other::get).toList();
            if (!StudentInterval.allFinite(a) || !StudentInterval.allFinite(b)) {
                return untested(where, NOT_FINITE, both.size() + " pairs", a, b);
            }
            PairedDifference paired = PairedDifference.of(StudentInterval.array(a), StudentInterval.array(b));
            return new RunDifference(
                    where,
                    "paired t",
                    both.size() + " pairs" + diverged(both, guessed),
                    StudentInterval.mean(a),
                    StudentInterval.mean(b),
                    paired.differences(),
                    paired.mean(),
                    paired.low(),
                    paired.high(),
                    paired.effectSize(),
                    paired.p(0));
        }
        List<Double> a = List.copyOf(one.values());
        List<Double> b = List.copyOf(other.values());
        Set<Long> all = new TreeSet<>(one.keySet());
        all.addAll(other.keySet());
        String n = a.size() + " against " + b.size() + diverged(all, guessed);
        if (!StudentInterval.allFinite(a) || !StudentInterval.allFinite(b)) {
            return untested(where, NOT_FINITE, n, a, b);
        }
        if (a.size() < 2 || b.size() < 2) {
            return untested(where, "too few runs", n, a, b);
        }
        double meanA = StudentInterval.mean(a);
        double meanB = StudentInterval.mean(b);
        WelchDifference welch = new WelchDifference(a, b);
        double mean = welch.mean();
        double half = welch.halfWidth();
        return new RunDifference(
                where,
                "Welch t",
                n,
                meanA,
                meanB,
                List.of(),
                mean,
                mean - half,
                mean + half,
                welch.effectSize(),
                welch.p());
    }

    /** How many of what was compared diverged: {@code ", 1 diverged"}; empty for none. */
    public String diverged() {
        return n.contains(",") ? n.substring(n.indexOf(',')) : "";
    }

    private static String diverged(Set<Long> seeds, Set<Long> guessed) {
        return new DivergedPairs((int) seeds.stream().filter(guessed::contains).count(), 0).suffix();
    }

    private static RunDifference untested(
            Map<String, String> where, String why, String n, List<Double> a, List<Double> b) {
        double none = Double.NaN;
        double meanA = StudentInterval.mean(a);
        double meanB = StudentInterval.mean(b);
        return new RunDifference(where, why, n, meanA, meanB, List.of(), none, none, none, none, none);
    }
}
