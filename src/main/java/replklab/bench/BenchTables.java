package replklab.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import replklab.bench.BenchRun.Row;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A benchmark as tables. */
public final class BenchTables {
    private static final String OURS = "ours";
    private static final String GAIN = "gain";
    private static final String OF_PEAK = "% of peak";
    private static final String MEMORY = "MiB";

    /** Digits behind the point by column, for all tables here but {@link #full}. */
    private static final Map<String, Integer> DECIMALS = Map.of(GAIN, 2, OF_PEAK, 1, MEMORY, 0, "share, %", 1, "ms", 3);

    private BenchTables() {}

    /** Everything, a row an implementation and case. */
    public static Table full(BenchRun run) {
        Map<String, Column<?>> columns = new LinkedHashMap<>();
        for (Row row : run.rows()) {
            Measured measured = row.measured();
            Map<String, Object> cells = new LinkedHashMap<>(row.what().fields());
            cells.put("implementation", measured.implementation());
            cells.put("variant", measured.variant());
            cells.put("version", measured.version());
            cells.put("milliseconds", measured.timing().median());
            cells.put("low", measured.timing().low());
            cells.put("high", measured.timing().high());
            cells.put("fastest", measured.timing().fastest());
            cells.put("slowest", measured.timing().slowest());
            cells.put("runs", measured.timing().runs());
            cells.putAll(row.what().rates(row.milliseconds(), run.peak()));
            cells.put("peak_mib", measured.description().memory().ofTheCaseMib());
            cells.put("plan", measured.description().plan());
            cells.forEach((name, value) -> append(columns.computeIfAbsent(name, _ -> column(name, value)), value));
        }
        return Table.create(run.name(), new ArrayList<>(columns.values()));
    }

    private static Column<?> column(String name, Object first) {
        return switch (first) {
            case Integer _ -> IntColumn.create(name);
            case Long _ -> LongColumn.create(name);
            case Double _ -> DoubleColumn.create(name);
            default -> StringColumn.create(name);
        };
    }

    private static void append(Column<?> column, Object value) {
        switch (column) {
            case IntColumn whole -> whole.append((Integer) value);
            case LongColumn whole -> whole.append((Long) value);
            case DoubleColumn number -> number.append((Double) value);
            default -> ((StringColumn) column).append(value.toString());
        }
    }

    /**
     * For reading: a row a case and a column an implementation.
     */
    public static Table overview(BenchRun run) {
        boolean imagesPerSecond = run.kind().countsImages();
        String unit = imagesPerSecond ? " img/s" : " ms";
        Map<String, StringColumn> what = new LinkedHashMap<>();
        Map<String, DoubleColumn> times = new LinkedHashMap<>();
        names(run).forEach(name -> times.put(name, DoubleColumn.create(name + unit)));
        DoubleColumn gain = DoubleColumn.create(GAIN);
        DoubleColumn ofPeak = DoubleColumn.create(OF_PEAK);
        DoubleColumn memory = DoubleColumn.create(MEMORY);
        for (int i = 0; i < run.cases().size(); i++) {
            BenchCase now = run.cases().get(i);
            now.columns()
                    .forEach((name, value) ->
                            what.computeIfAbsent(name, StringColumn::create).append(value));
            Map<String, Measured> byName = new LinkedHashMap<>();
            run.results().get(i).measured().forEach(measured -> byName.put(measured.implementation(), measured));
            times.forEach((name, column) -> {
                if (byName.containsKey(name)) {
                    double ms = byName.get(name).timing().median();
                    column.append(imagesPerSecond ? now.imagesPerSecond(ms) : ms);
                } else {
                    column.appendMissing();
                }
            });
            append(gain, gain(run.results().get(i).measured()));
            append(ofPeak, byName.containsKey(OURS) ? ofPeak(now, byName.get(OURS), run.peak()) : Double.NaN);
            append(
                    memory,
                    byName.containsKey(OURS)
                            ? byName.get(OURS).description().memory().ofTheCaseMib()
                            : Double.NaN);
        }
        Table table = Table.create(run.name(), what.values().toArray(Column[]::new));
        table.addColumns(times.values().toArray(Column[]::new));
        table.addColumns(gain);
        table.addColumns(imagesPerSecond ? memory : ofPeak);
        return table;
    }

    /** In how many rows with a peer ours is the fastest, and which it loses, to whom. */
    static String standing(BenchRun run) {
        List<String> lost = new ArrayList<>();
        int met = 0;
        for (int i = 0; i < run.cases().size(); i++) {
            List<Measured> measured = run.results().get(i).measured();
            double gain = gain(measured);
            if (gain < 1) {
                lost.add("%s, %.2fx of %s"
                        .formatted(
                                run.cases().get(i).label(),
                                gain,
                                fastestPeer(measured).orElseThrow().implementation()));
            }
            met += Double.isFinite(gain) ? 1 : 0;
        }
        if (met == 0) {
            return "No peer took part.";
        }
        return lost.isEmpty()
                ? "Ours is the fastest in %d of %d rows that a peer takes part in.".formatted(met, met)
                : "**A peer is faster in %d of %d rows**: %s.".formatted(lost.size(), met, String.join("; ", lost));
    }

    private static void append(DoubleColumn column, double value) {
        if (Double.isFinite(value)) {
            column.append(value);
        } else {
            column.appendMissing();
        }
    }

    private static double ofPeak(BenchCase what, Measured measured, FmaPeak peak) {
        Object fraction = what.rates(measured.timing().median(), peak).get("peak_fraction");
        return fraction == null ? Double.NaN : 100 * (Double) fraction;
    }

    /** How many times faster ours is than the fastest peer; NaN where there is none. */
    private static double gain(List<Measured> measured) {
        double ours = measured.stream()
                .filter(each -> each.implementation().equals(OURS))
                .mapToDouble(each -> each.timing().median())
                .findFirst()
                .orElse(Double.NaN);
        return fastestPeer(measured).map(peer -> peer.timing().median() / ours).orElse(Double.NaN);
    }

    private static Optional<Measured> fastestPeer(List<Measured> measured) {
        return measured.stream()
                .filter(each -> Contestants.isPeer(each.implementation()))
                .min(Comparator.comparingDouble(each -> each.timing().median()));
    }

    /** Where passes spend their time, of everybody who can tell: a row a case and kind of layer. */
    public static Table layers(BenchRun run) {
        StringColumn what = StringColumn.create("case");
        StringColumn kind = StringColumn.create("kind of layer");
        Map<String, DoubleColumn> times = new LinkedHashMap<>();
        run.rows().stream()
                .map(Row::measured)
                .filter(measured -> !measured.description().layers().isEmpty())
                .forEach(measured ->
                        times.computeIfAbsent(measured.implementation(), name -> DoubleColumn.create(name + " ms")));
        DoubleColumn share = DoubleColumn.create("share of ours, %");
        for (int i = 0; i < run.cases().size(); i++) {
            Map<String, Map<String, Double>> layers = new LinkedHashMap<>();
            Set<String> kinds = new LinkedHashSet<>();
            for (Measured measured : run.results().get(i).measured()) {
                layers.put(measured.implementation(), measured.description().layers());
                kinds.addAll(measured.description().layers().keySet());
            }
            Map<String, Double> ours = layers.getOrDefault(OURS, Map.of());
            double all = ours.values().stream().mapToDouble(Double::doubleValue).sum();
            for (String name : kinds) {
                what.append(run.cases().get(i).label());
                kind.append(name);
                times.forEach((implementation, column) -> append(
                        column, layers.getOrDefault(implementation, Map.of()).getOrDefault(name, Double.NaN)));
                append(share, ours.containsKey(name) ? 100 * ours.get(name) / all : Double.NaN);
            }
        }
        Table table = Table.create("layers", what, kind);
        table.addColumns(times.values().toArray(Column[]::new));
        table.addColumns(share);
        return table;
    }

    /** Digits behind the point by column: three that count of the smallest time. */
    public static Map<String, Integer> decimals(Table table) {
        Map<String, Integer> decimals = new LinkedHashMap<>(DECIMALS);
        table.columns().stream()
                .filter(column -> column instanceof DoubleColumn && !DECIMALS.containsKey(column.name()))
                .forEach(column -> {
                    double least = ((DoubleColumn) column).min();
                    decimals.put(column.name(), (int) Math.clamp(2 - Math.floor(Math.log10(least)), 0, 4));
                });
        return decimals;
    }

    /** Implementations in the order of their first row. */
    static Set<String> names(BenchRun run) {
        Set<String> names = new LinkedHashSet<>();
        run.rows().forEach(row -> names.add(row.measured().implementation()));
        return names;
    }

    /** Variants of implementations that have several: the best of them stands in the overview. */
    public static Table variants(BenchRun run) {
        StringColumn what = StringColumn.create("case");
        StringColumn who = StringColumn.create("implementation");
        StringColumn variant = StringColumn.create("variant");
        DoubleColumn milliseconds = DoubleColumn.create("ms");
        IntColumn runs = IntColumn.create("runs");
        for (Row row : run.rows()) {
            List<Map.Entry<String, Timing>> all =
                    List.copyOf(row.measured().variants().entrySet());
            if (all.size() > 1) {
                for (Map.Entry<String, Timing> one : all) {
                    what.append(row.what().label());
                    who.append(row.measured().implementation());
                    variant.append(one.getKey());
                    milliseconds.append(one.getValue().median());
                    runs.append(one.getValue().runs());
                }
            }
        }
        return Table.create("variants", what, who, variant, milliseconds, runs);
    }
}
