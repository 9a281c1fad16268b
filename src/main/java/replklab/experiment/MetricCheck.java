package replklab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A metric of a run beside the same of the run that repeats it.
 *
 * @param logged its last value; NaN also where it has none
 * @param again the other run's
 * @param points steps at which either has a value
 * @param firstDifference the first of them at which they are not the same to the last bit
 * @param timing whether it tells of time and memory, which never repeat
 */
public record MetricCheck(
        String metric, double logged, double again, int points, OptionalLong firstDifference, boolean timing) {
    private static final Pattern TIMING = Pattern.compile("system/.*|.*seconds.*|.*images_per_second|.*_ms|calls");

    /** Compares every metric, those that count first. */
    static List<MetricCheck> of(
            SortedMap<String, SortedMap<Long, Double>> logged,
            SortedMap<String, SortedMap<Long, Double>> again,
            boolean measured) {
        TreeSet<String> names = new TreeSet<>(logged.keySet());
        names.addAll(again.keySet());
        List<MetricCheck> counting = new ArrayList<>();
        List<MetricCheck> timings = new ArrayList<>();
        for (String name : names) {
            SortedMap<Long, Double> one = logged.getOrDefault(name, new TreeMap<>());
            SortedMap<Long, Double> other = again.getOrDefault(name, new TreeMap<>());
            boolean timing = measured || TIMING.matcher(name).matches();
            (timing ? timings : counting).add(of(name, one, other, timing));
        }
        counting.addAll(timings);
        return counting;
    }

    private static MetricCheck of(
            String name, SortedMap<Long, Double> logged, SortedMap<Long, Double> again, boolean timing) {
        TreeSet<Long> steps = new TreeSet<>(logged.keySet());
        steps.addAll(again.keySet());
        OptionalLong first = steps.stream()
                .filter(step -> !same(logged.get(step), again.get(step)))
                .mapToLong(Long::longValue)
                .findFirst();
        return new MetricCheck(name, last(logged), last(again), steps.size(), first, timing);
    }

    /** To the last bit; all NaNs are one. */
    private static boolean same(Double one, Double other) {
        return one != null && other != null && one.compareTo(other) == 0;
    }

    private static double last(SortedMap<Long, Double> points) {
        return points.isEmpty() ? Double.NaN : points.lastEntry().getValue();
    }

    /** Whether all values are the same. */
    public boolean isSame() {
        return firstDifference.isEmpty();
    }
}
