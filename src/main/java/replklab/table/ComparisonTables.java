package replklab.table;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import replklab.stats.ComparedRun;
import replklab.stats.Holm;
import replklab.stats.Metric;
import replklab.stats.RunComparison;
import replklab.stats.RunDifference;
import replklab.stats.Summary;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.InstantColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A {@link RunComparison} as Tablesaw tables and pictures. */
public final class ComparisonTables {
    private static final String P_PATTERN = "0.######";

    private ComparisonTables() {}

    /**
     * One row a run: {@code experiment}, {@code profile}, the factors, {@code seed}, {@code status}, the metrics, {@code commit},
     * {@code settings}, {@code started}, {@code run_id}.
     *
     * @param metrics those to show; by default all
     */
    public static Table runs(RunComparison comparison, String... metrics) {
        List<String> factors = comparison.factors();
        List<String> order = new ArrayList<>(List.of("experiment", "profile"));
        order.addAll(factors);
        order.add("seed");
        Comparator<ComparedRun> sorted = comparison.order(order.toArray(String[]::new));
        List<ComparedRun> runs = comparison.runs().stream()
                .sorted(sorted.thenComparing(ComparedRun::started))
                .toList();
        List<Column<?>> columns = new ArrayList<>(List.of(texts("experiment", runs), texts("profile", runs)));
        factors.forEach(factor -> columns.add(texts(factor, runs)));
        columns.add(LongColumn.create(
                "seed", runs.stream().mapToLong(ComparedRun::seed).toArray()));
        columns.add(texts("status", runs));
        for (String metric : metrics.length == 0 ? comparison.metrics() : List.of(metrics)) {
            columns.add(values(metric, runs));
        }
        columns.add(texts("commit", runs));
        columns.add(texts("settings", runs));
        columns.add(InstantColumn.create("started", runs.stream().map(ComparedRun::started)));
        columns.add(StringColumn.create("run_id", runs.stream().map(ComparedRun::runId)));
        return Table.create("runs", columns);
    }

    /**
     * One row a group: its columns, {@code seeds}, {@code mean}, {@code sd}, {@code low} and {@code high} (95 % interval); where runs
     * diverged, {@code diverged} (seeds that count as a guess).
     *
     * @param by columns to group by, by default the factors
     */
    public static Table summary(RunComparison comparison, String metric, String... by) {
        Map<Map<String, String>, Summary> groups = comparison.groups(metric, by);
        List<Summary> summaries = List.copyOf(groups.values());
        Table table = keys(metric, List.copyOf(groups.keySet()));
        table.addColumns(
                IntColumn.create(
                        "seeds", summaries.stream().mapToInt(Summary::n).toArray()),
                means(summaries),
                numbers("sd", summaries, Summary::sd),
                numbers("low", summaries, Summary::low),
                numbers("high", summaries, Summary::high));
        if (summaries.stream().anyMatch(summary -> summary.guessed() > 0)) {
            table.addColumns(IntColumn.create(
                    "diverged", summaries.stream().mapToInt(Summary::guessed).toArray()));
        }
        return table;
    }

    /**
     * The means of a metric, a row for each value of some columns and a column for each value of the last one.
     *
     * @param by columns, two or more; the last one's values stand side by side
     */
    public static Table pivot(RunComparison comparison, String metric, String... by) {
        return spread(comparison, metric, by, (table, name, cells) -> {
            table.addColumns(numbersOrNaN(
                    name,
                    cells.stream()
                            .map(summary -> Optional.ofNullable(summary).map(Summary::mean))
                            .toList()));
        });
    }

    /** As {@link #pivot}, to be read: means with half of their 95 % intervals. */
    public static Table pivotText(RunComparison comparison, Metric metric, String... by) {
        return spread(comparison, metric.key(), by, (table, name, cells) -> {
            table.addColumns(StringColumn.create(
                    name, cells.stream().map(summary -> summary == null ? "" : summary.text(metric))));
        });
    }

    private interface Spread {
        void add(Table table, String name, List<Summary> cells);
    }

    private static Table spread(RunComparison comparison, String metric, String[] by, Spread adder) {
        if (by.length < 2) {
            throw new IllegalArgumentException("a pivot needs two columns or more, not " + by.length);
        }
        String across = by[by.length - 1];
        Map<Map<String, String>, Map<String, Summary>> rows = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        comparison.groups(metric, by).forEach((key, summary) -> {
            Map<String, String> row = new LinkedHashMap<>(key);
            String column = row.remove(across);
            rows.computeIfAbsent(row, each -> new LinkedHashMap<>()).put(column, summary);
            names.add(column);
        });
        Table table = keys(metric, List.copyOf(rows.keySet()));
        for (String name : comparison.values(across)) {
            if (names.contains(name)) {
                List<Summary> cells = new ArrayList<>();
                rows.values().forEach(row -> cells.add(row.get(name)));
                adder.add(table, across + " " + name, cells);
            }
        }
        return table;
    }

    /**
     * One row a difference: what both sides have in common, {@code test}, {@code runs}, {@code a} and {@code b} (means of the sides),
     * {@code difference}, {@code low}, {@code high} (95 % interval), {@code effect_size}, {@code p}, {@code p_holm} (over all rows).
     */
    public static Table differences(List<RunDifference> differences) {
        double[] holm =
                Holm.adjusted(differences.stream().mapToDouble(RunDifference::p).toArray());
        return keys(
                        "differences",
                        differences.stream().map(RunDifference::where).toList())
                .addColumns(
                        StringColumn.create("test", differences.stream().map(RunDifference::test)),
                        StringColumn.create("runs", differences.stream().map(RunDifference::n)),
                        numbersOrNaN(
                                "a",
                                differences.stream()
                                        .map(each -> Optional.of(each.a()))
                                        .toList()),
                        numbersOrNaN(
                                "b",
                                differences.stream()
                                        .map(each -> Optional.of(each.b()))
                                        .toList()),
                        numbers("difference", differences, RunDifference::mean),
                        numbers("low", differences, RunDifference::low),
                        numbers("high", differences, RunDifference::high),
                        numbers("effect_size", differences, RunDifference::effectSize),
                        readable(numbers("p", differences, RunDifference::p), P_PATTERN),
                        readable(DoubleColumn.create("p_holm", holm), P_PATTERN));
    }

    private static Table keys(String name, List<Map<String, String>> keys) {
        Set<String> columns = new LinkedHashSet<>();
        keys.forEach(key -> columns.addAll(key.keySet()));
        Table table = Table.create(name);
        columns.forEach(column ->
                table.addColumns(StringColumn.create(column, keys.stream().map(key -> key.getOrDefault(column, "")))));
        return table;
    }

    private static StringColumn texts(String column, List<ComparedRun> runs) {
        Function<ComparedRun, String> value = run -> run.get(column);
        return StringColumn.create(column, runs.stream().map(value));
    }

    private static Column<?> values(String metric, List<ComparedRun> runs) {
        return numbersOrNaN(
                metric,
                runs.stream()
                        .map(run -> Optional.ofNullable(run.metrics().get(metric)))
                        .toList());
    }

    private static Column<?> means(List<Summary> summaries) {
        return numbersOrNaN(
                "mean",
                summaries.stream().map(summary -> Optional.of(summary.mean())).toList());
    }

    /** Numbers, of which a NaN is told from one that is missing; Tablesaw takes both for the same, so then they are texts. */
    private static Column<?> numbersOrNaN(String name, List<Optional<Double>> values) {
        if (values.stream()
                .noneMatch(value -> value.filter(number -> Double.isNaN(number)).isPresent())) {
            return numbers(name, values, value -> value.orElse(Double.NaN));
        }
        return StringColumn.create(
                name, values.stream().map(value -> value.map(String::valueOf).orElse("")));
    }

    private static <T> DoubleColumn numbers(String name, List<T> rows, ToDoubleFunction<T> number) {
        return readable(
                DoubleColumn.create(name, rows.stream().mapToDouble(number).toArray()), "0.####");
    }

    /** Shows so many digits in notebooks; a CSV has them all. */
    private static DoubleColumn readable(DoubleColumn column, String pattern) {
        column.setPrintFormatter(new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT)), "");
        return column;
    }
}
