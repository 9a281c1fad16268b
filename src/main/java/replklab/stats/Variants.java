package replklab.stats;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Variants, which are maps of level by factor: how they read, and how runs are grouped by them. */
public final class Variants {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])[A-Z]");

    private Variants() {}

    /**
     * A variant in words: {@code {shortcut=with, kernel=13}} reads "with shortcut, kernel 13"; {@code yes} and
     * {@code no} read as "with" and "without"; underscores and hyphens of a factor's name read as spaces.
     */
    public static String label(Map<String, String> variant) {
        return variant.entrySet().stream()
                .map(entry -> label(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** One factor's level in words. */
    public static String label(String factor, String level) {
        String name = words(factor);
        return switch (level) {
            case "with", "yes", "true" -> "with " + name;
            case "without", "no", "false" -> "without " + name;
            default -> name + " " + level;
        };
    }

    /** A factor's or metric's key in words: {@code reparam_3x3} reads "reparam 3x3", {@code smallKernel} "small kernel". */
    public static String words(String key) {
        return HUMP.matcher(key.replace('_', ' ').replace('-', ' '))
                .replaceAll(hump -> " " + hump.group().toLowerCase(Locale.ROOT));
    }

    /** Whether {@code variant} has every level that {@code wanted} names; it may have other factors besides. */
    public static boolean matches(Map<String, String> variant, Map<String, String> wanted) {
        return variant.entrySet().containsAll(wanted.entrySet());
    }

    /** The factors of all runs, in order of first appearance. */
    static SequencedSet<String> factors(Collection<RunRow> runs) {
        SequencedSet<String> factors = new LinkedHashSet<>();
        runs.forEach(run -> factors.addAll(run.variant().keySet()));
        return factors;
    }

    /** The metrics of all runs, in order of first appearance. */
    public static SequencedSet<String> metrics(Collection<RunRow> runs) {
        SequencedSet<String> metrics = new LinkedHashSet<>();
        runs.forEach(run -> metrics.addAll(run.metrics().keySet()));
        return metrics;
    }

    /** Runs by variant, in order of first appearance. */
    public static SequencedMap<Map<String, String>, List<RunRow>> group(Collection<RunRow> runs) {
        return runs.stream().collect(Collectors.groupingBy(RunRow::variant, LinkedHashMap::new, Collectors.toList()));
    }

    /** What the runs of one variant that came to their end gave for a metric. */
    public static Summary summary(Collection<RunRow> runs, String metric) {
        return new Summary(
                runs.stream()
                        .filter(run -> run.counts(metric))
                        .map(run -> run.metrics().get(metric))
                        .toList(),
                count(runs, run -> run.isGuess(metric)),
                count(runs, run -> run.lacks(metric)));
    }

    public static int count(Collection<RunRow> runs, Predicate<RunRow> which) {
        return (int) runs.stream().filter(which).count();
    }
}
