package replklab.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import replklab.base.UsageException;

/**
 * Runs side by side: of several experiments, profiles and commits if need be. Filter them, then look at means, pivots and tests.
 *
 * <pre>{@code
 * Lab.compare("shortcut").where("profile", "full").pivot("accuracy", "shortcut", "kernel")
 * }</pre>
 *
 * <p>What statistics count: finished runs, and those that diverged with the scores of a guess; of runs that repeat experiment, profile, variant and seed the newest one; of runs of one
 * experiment, profile and variant only those with the settings of the newest. Naming {@code commit} as a column keeps runs of other
 * commits apart, but no other settings, which would pass for the commit's effect; naming {@code settings} keeps those apart.
 * Experiments and profiles are never averaged over, and a seed counts once: where a group has several runs of it, such as of
 * several variants, as their mean.
 */
public final class RunComparison {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    /** Numbers in the order of numbers, then all else in the alphabet's. */
    private static final Comparator<String> NATURAL = Comparator.comparing((String text) ->
                    NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.POSITIVE_INFINITY)
            .thenComparing(Comparator.naturalOrder());

    private final List<ComparedRun> runs;

    /** A comparison of these runs. */
    public RunComparison(List<ComparedRun> runs) {
        this.runs = List.copyOf(runs);
    }

    /** All runs, unfinished ones too. */
    public List<ComparedRun> runs() {
        return runs;
    }

    /** What the experiments vary, in order of first appearance. */
    public List<String> factors() {
        Set<String> factors = new LinkedHashSet<>();
        runs.forEach(run -> factors.addAll(run.variant().keySet()));
        return List.copyOf(factors);
    }

    /** What can be filtered and grouped by: {@code experiment}, {@code profile} and the like, and the factors. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>(ComparedRun.OWN);
        columns.addAll(factors());
        return columns;
    }

    /** Every metric that a run has, in alphabetical order. */
    public List<String> metrics() {
        return runs.stream()
                .flatMap(run -> run.metrics().keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The runs that have one of these values in a column; a commit may be shortened.
     *
     * @throws UsageException for a column or value that no run has
     */
    public RunComparison where(String column, String... values) {
        require("column", column, columns());
        Set<String> known = values(column);
        Set<String> wanted = new LinkedHashSet<>();
        for (String value : values) {
            List<String> found = known.stream()
                    .filter(each -> each.equals(value) || (column.equals("commit") && each.startsWith(value)))
                    .toList();
            if (found.isEmpty()) {
                throw UsageException.unknown(column, value, known);
            }
            wanted.addAll(found);
        }
        return new RunComparison(
                runs.stream().filter(run -> wanted.contains(run.get(column))).toList());
    }

    /** The values of a column, in their natural order. */
    public Set<String> values(String column) {
        return runs.stream()
                .map(run -> run.get(column))
                .sorted(NATURAL)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * How many runs the statistics of a metric leave out: unfinished, repeated, or of older settings.
     *
     * @param by the columns that are named
     */
    public int leftOut(String metric, String... by) {
        return runs.size() - counted(metric, Set.copyOf(List.of(by))).size();
    }

    /**
     * One metric by groups of runs.
     *
     * @param by columns; by default the factors
     * @return mean and interval of each group by its values, in natural order; {@code experiment} and {@code profile} are among
     *     the columns wherever there are several
     * @throws UsageException for a metric or column that no run has
     */
    public Map<Map<String, String>, Summary> groups(String metric, String... by) {
        require("metric", metric, metrics());
        List<String> columns = grouping(by.length == 0 ? factors() : List.of(by));
        Map<List<String>, NavigableMap<Long, List<Double>>> cells = new TreeMap<>(RunComparison::compare);
        Map<List<String>, Set<Long>> guessed = new HashMap<>();
        for (ComparedRun run : counted(metric, Set.copyOf(columns))) {
            cells.computeIfAbsent(columns.stream().map(run::get).toList(), key -> new TreeMap<>())
                    .computeIfAbsent(run.seed(), seed -> new ArrayList<>())
                    .add(run.metrics().get(metric));
            note(run, columns, guessed);
        }
        Map<Map<String, String>, Summary> groups = new LinkedHashMap<>();
        cells.forEach((key, seeds) -> groups.put(
                named(columns, key),
                new Summary(
                        seeds.values().stream().map(StudentInterval::mean).toList(),
                        guessed.getOrDefault(key, Set.of()).size(),
                        0)));
        return groups;
    }

    /**
     * One set of runs against another one, for each combination of what they have in common. Where both sides have runs of one
     * variant, as those of two commits do, only runs with the same settings are compared: the newest settings that both have.
     *
     * @param one values by column, such as {@code {shortcut=with}}
     * @param other values of the other side, such as {@code {shortcut=without}}
     * @return a test for each combination of the other factors (and experiments and profiles) that has runs on both sides
     * @throws UsageException for names that no run has; when a side has several runs of a seed: then name more columns; when the
     *     sides have no settings in common: then name {@code settings}, too
     */
    public List<RunDifference> differences(String metric, Map<String, String> one, Map<String, String> other) {
        require("metric", metric, metrics());
        Set<String> named = new LinkedHashSet<>(one.keySet());
        named.addAll(other.keySet());
        List<String> common = new ArrayList<>(List.of("experiment", "profile"));
        common.addAll(factors());
        common.removeAll(named);
        RunComparison first = matching(one);
        RunComparison second = matching(other);
        if (!named.contains("settings")) {
            Predicate<ComparedRun> alike = alike(first, second, metric);
            first = first.requireSome(alike, one, other, metric);
            second = second.requireSome(alike, one, other, metric);
        }
        Map<List<String>, Set<Long>> guessed = new HashMap<>();
        var ones = first.side(metric, one, named, common, guessed);
        var others = second.side(metric, other, named, common, guessed);
        List<String> shown = grouping(common.stream()
                .filter(column -> !column.equals("experiment") && !column.equals("profile"))
                .toList());
        shown.retainAll(common);
        List<RunDifference> differences = new ArrayList<>();
        ones.forEach((key, values) -> {
            if (others.containsKey(key)) {
                Map<String, String> where = named(common, key);
                where.keySet().retainAll(shown);
                where.values().removeIf(String::isEmpty);
                differences.add(RunDifference.of(where, values, others.get(key), guessed.getOrDefault(key, Set.of())));
            }
        });
        return differences;
    }

    private RunComparison matching(Map<String, String> wanted) {
        RunComparison matching = this;
        for (var entry : wanted.entrySet()) {
            matching = matching.where(entry.getKey(), entry.getValue());
        }
        return matching;
    }

    /** Which runs of two sides may be compared: all of a variant that one side alone has, else those of the same settings. */
    private static Predicate<ComparedRun> alike(RunComparison first, RunComparison second, String metric) {
        Map<Variety, SequencedSet<String>> shared = first.settings(metric);
        Map<Variety, SequencedSet<String>> others = second.settings(metric);
        shared.keySet().retainAll(others.keySet());
        shared.forEach((variety, settings) -> settings.retainAll(others.get(variety)));
        return run -> {
            SequencedSet<String> settings = shared.get(Variety.of(run));
            return settings == null
                    || (!settings.isEmpty() && settings.getFirst().equals(run.settings()));
        };
    }

    private RunComparison requireSome(
            Predicate<ComparedRun> alike, Map<String, String> one, Map<String, String> other, String metric) {
        RunComparison left = new RunComparison(runs.stream().filter(alike).toList());
        if (left.settings(metric).isEmpty() && !settings(metric).isEmpty()) {
            throw new UsageException("the runs of " + one + " and those of " + other
                    + " were made with different settings, so that more differs between them; to compare them all the"
                    + " same, name the column settings on both sides, too");
        }
        return left;
    }

    private NavigableMap<List<String>, NavigableMap<Long, Double>> side(
            String metric,
            Map<String, String> wanted,
            Set<String> named,
            List<String> common,
            Map<List<String>, Set<Long>> guessed) {
        NavigableMap<List<String>, NavigableMap<Long, Double>> side = new TreeMap<>(RunComparison::compare);
        for (ComparedRun run : counted(metric, named)) {
            note(run, common, guessed);
            Double before = side.computeIfAbsent(common.stream().map(run::get).toList(), key -> new TreeMap<>())
                    .put(run.seed(), run.metrics().get(metric));
            if (before != null) {
                throw new UsageException("several runs of seed " + run.seed() + " answer to " + wanted
                        + ": name more columns (" + String.join(", ", named) + ")");
            }
        }
        return side;
    }

    /** Remembers the seed of a run that diverged, by the values of some columns. */
    private static void note(ComparedRun run, List<String> columns, Map<List<String>, Set<Long>> guessed) {
        if (run.status().equals(ComparedRun.DIVERGED)) {
            guessed.computeIfAbsent(columns.stream().map(run::get).toList(), key -> new HashSet<>())
                    .add(run.seed());
        }
    }

    /** What runs repeat each other in, but for commit, settings and seed. */
    private record Variety(String experiment, String profile, Map<String, String> variant) {
        static Variety of(ComparedRun run) {
            return new Variety(run.experiment(), run.profile(), run.variant());
        }
    }

    /** The runs that have a metric. */
    private List<ComparedRun> newestFirst(String metric) {
        return runs.stream()
                .filter(run -> run.counts(metric))
                .sorted(Comparator.comparing(ComparedRun::started).reversed())
                .toList();
    }

    /** The settings of each variety's runs that have a metric, the newest first. */
    private Map<Variety, SequencedSet<String>> settings(String metric) {
        Map<Variety, SequencedSet<String>> settings = new HashMap<>();
        newestFirst(metric)
                .forEach(run -> settings.computeIfAbsent(Variety.of(run), variety -> new LinkedHashSet<>())
                        .add(run.settings()));
        return settings;
    }

    /** The runs that statistics count. */
    private List<ComparedRun> counted(String metric, Set<String> named) {
        record Place(Variety variety, String commit, String settings, long seed) {}
        Map<Variety, SequencedSet<String>> settings = settings(metric);
        Set<Place> taken = new HashSet<>();
        List<ComparedRun> counted = new ArrayList<>();
        for (ComparedRun run : newestFirst(metric)) {
            Variety variety = Variety.of(run);
            String commit = named.contains("commit") ? run.commit() : "";
            boolean wanted = named.contains("settings")
                    || settings.get(variety).getFirst().equals(run.settings());
            if (wanted && taken.add(new Place(variety, commit, run.settings(), run.seed()))) {
                counted.add(run);
            }
        }
        return counted;
    }

    /** The columns, with experiment and profile before them where there are several. */
    private List<String> grouping(List<String> by) {
        List<String> columns = new ArrayList<>();
        for (String own : List.of("experiment", "profile")) {
            if (!by.contains(own) && values(own).size() > 1) {
                columns.add(own);
            }
        }
        by.forEach(column -> require("column", column, columns()));
        columns.addAll(by);
        return columns;
    }

    private static Map<String, String> named(List<String> columns, List<String> values) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            named.put(columns.get(i), values.get(i));
        }
        return named;
    }

    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = NATURAL.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static void require(String kind, String name, List<String> known) {
        if (!known.contains(name)) {
            throw UsageException.unknown(kind, name, known);
        }
    }

    /** Orders by several columns; the last ones decide least. */
    public Comparator<ComparedRun> order(String... columns) {
        return (a, b) -> compare(
                Arrays.stream(columns).map(a::get).toList(),
                Arrays.stream(columns).map(b::get).toList());
    }
}
