package replklab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.base.WholeFile;
import replklab.chart.Charts;
import replklab.experiment.RunIds;
import replklab.experiment.RunPlan;
import replklab.experiment.TrackedComparison;
import replklab.plot.Picture;
import replklab.plot.PngFile;
import replklab.stats.ComparedRun;
import replklab.stats.Metric;
import replklab.stats.RunComparison;
import replklab.stats.RunDifference;
import replklab.table.ComparisonTables;
import replklab.table.Csv;
import replklab.table.TextTable;
import replklab.tracking.RunQuery;
import replklab.tracking.TrackedRun;
import replklab.tracking.Tracker;
import tech.tablesaw.api.Table;

/** {@code ./lab compare}: runs side by side, read back from MLflow. */
@Command(
        name = "compare",
        description =
                "The runs of an experiment side by side, from MLflow and the checkout: filtered, pivoted, tested, drawn.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Columns are experiment, profile, commit, settings, seed, status, and what the experiment varies. "
                    + "Means, intervals and tests count finished runs; of repeated ones the newest; of those with other "
                    + "settings (of data, model, training and the like) only the newest run's. Naming commit keeps commits apart, "
                    + "with the same settings; naming settings keeps those apart, too. Runs that came with the checkout, in "
                    + "results/full/, count as all others.",
            "",
            "  ./lab compare shortcut --where profile=full --by shortcut,kernel",
            "  ./lab compare shortcut --pair shortcut=with,shortcut=without --chart pairs.png",
            "  ./lab compare shortcut --pair commit=OLD,commit=NEW"
        })
final class CompareCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "EXPERIMENT",
            description = "Which ones; by default the only one there is. 'all' takes all.")
    List<String> names = new ArrayList<>();

    @Option(names = "--metric", paramLabel = "M", description = "The metric to show; by default the one that decides.")
    String metric;

    @Option(
            names = "--where",
            paramLabel = "COLUMN=VALUE[,VALUE]",
            description = "Only runs that have one of these values; may be repeated.")
    List<String> conditions = new ArrayList<>();

    @Option(
            names = "--by",
            paramLabel = "COLUMN,...",
            hideParamSyntax = true,
            split = ",",
            description = "Means by these columns; the values of the last of several stand side by side.")
    List<String> by = new ArrayList<>();

    @Option(
            names = "--pair",
            paramLabel = "A,B",
            description = "Tests A against B, paired by seed, such as shortcut=with,shortcut=without; a side with"
                    + " several columns joins them by +.")
    String pair;

    @Option(names = "--chart", paramLabel = "FILE", description = "Also draws what is shown, as a PNG.")
    Path chart;

    @Option(names = "--csv", description = "Print one table as CSV, with all metrics where runs are listed.")
    boolean csv;

    @Option(
            names = "--json",
            description =
                    "Print one JSON document with every metric of one experiment's runs; \"NaN\", \"Infinity\" and \"-Infinity\" are texts.")
    boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        if (!by.isEmpty() && pair != null) {
            throw new UsageException("--by and --pair show different tables; give one of them");
        }
        try (Tracker tracker = Tracker.open()) {
            tracker.sendKept(LabHome.resolve("results"));
            RunIds.complete(LabHome.resolve("results"));
            RunQuery query = tracker.query();
            List<String> experiments = experiments(query);
            RunComparison runs = filtered(TrackedComparison.read(query, experiments));
            if (metric != null && !runs.metrics().isEmpty() && !runs.metrics().contains(metric)) {
                throw UsageException.unknown("metric", metric, runs.metrics());
            }
            Metric shown = TrackedComparison.metric(runs, experiments, metric);
            if (json) {
                System.out.println(json(experiments, query, runs));
                return 0;
            }
            show(runs, shown, String.join(", ", experiments));
        }
        return 0;
    }

    private List<String> experiments(RunQuery query) {
        List<String> known = TrackedComparison.experiments(query);
        if (names.equals(List.of("all")) || (names.isEmpty() && known.size() == 1)) {
            return known;
        }
        if (!names.isEmpty()) {
            return names;
        }
        throw known.isEmpty()
                ? new LabException("MLflow has no runs yet; ./lab run makes some")
                : new UsageException("which experiment? There are " + String.join(", ", known) + "; 'all' takes all");
    }

    private RunComparison filtered(RunComparison all) {
        RunComparison runs = all;
        for (String condition : conditions) {
            String[] parts = split("--where", condition);
            runs = runs.where(parts[0], parts[1].split(","));
        }
        return runs;
    }

    private static String[] split(String option, String condition) {
        String[] parts = condition.split("=", 2);
        if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
            throw new UsageException(option + " is '" + condition + "'; it reads COLUMN=VALUE, such as kernel=13");
        }
        return parts;
    }

    private void show(RunComparison runs, Metric shown, String title) {
        String[] columns = by.toArray(String[]::new);
        if (pair != null) {
            List<RunDifference> differences = differences(runs, shown.key());
            print(ComparisonTables.differences(differences));
            draw(() -> Charts.differences(title + ": " + pair.replace(",", " against "), differences, shown));
        } else {
            if (csv && by.isEmpty()) {
                print(ComparisonTables.runs(runs));
            } else if (by.isEmpty()) {
                Table listed = ComparisonTables.runs(runs, shown.key()).removeColumns("settings", "started");
                print(runs.values("experiment").size() > 1 ? listed : listed.removeColumns("experiment"));
            }
            boolean counted = runs.metrics().contains(shown.key());
            if (by.size() > 1) {
                print(
                        csv
                                ? ComparisonTables.pivot(runs, shown.key(), columns)
                                : ComparisonTables.pivotText(runs, shown, columns));
            } else if (counted && !(csv && by.isEmpty())) {
                print(ComparisonTables.summary(runs, shown.key(), columns));
            }
            draw(() -> Charts.comparison(title, runs, shown, columns));
        }
        int leftOut = leftOut(runs, shown.key());
        if (leftOut > 0) {
            System.err.println(leftOut + " of " + runs.runs().size()
                    + " runs are not counted: unfinished, without this metric, repeated since, or of older settings");
        }
    }

    /** How many runs the tables do not count; a pair of commits counts what both have, and its table says how many those are. */
    private int leftOut(RunComparison runs, String key) {
        Set<String> named = new HashSet<>(by);
        if (pair != null) {
            sides().forEach(side -> named.addAll(side.keySet()));
        }
        boolean none = !runs.metrics().contains(key) || (pair != null && named.contains("commit"));
        return none ? 0 : runs.leftOut(key, named.toArray(String[]::new));
    }

    private List<RunDifference> differences(RunComparison runs, String key) {
        List<Map<String, String>> sides = sides();
        List<RunDifference> differences = runs.differences(key, sides.getFirst(), sides.getLast());
        if (differences.isEmpty()) {
            throw new UsageException(
                    "--pair " + pair + ": no finished runs of " + key + " differ in that and agree in everything else");
        }
        return differences;
    }

    /** The two sides of the pair, each with its values by column. */
    private List<Map<String, String>> sides() {
        String[] sides = pair.split(",");
        if (sides.length != 2) {
            throw new UsageException("--pair is '" + pair + "'; it reads A,B, such as shortcut=with,shortcut=without");
        }
        return List.of(side(sides[0]), side(sides[1]));
    }

    private static Map<String, String> side(String text) {
        return Arrays.stream(text.split("\\+"))
                .map(condition -> split("--pair", condition))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, b) -> b, LinkedHashMap::new));
    }

    private interface Drawing {
        Picture draw();
    }

    private void draw(Drawing drawing) {
        if (chart != null) {
            byte[] png = PngFile.bytes(drawing.draw().image(), Map.of("command", "lab compare"));
            WholeFile.write(chart, "the chart", out -> out.write(png));
            System.err.println("Chart   " + chart);
        }
    }

    private void print(Table table) {
        System.out.println(
                csv
                        ? Csv.of(table).stripTrailing()
                        : TextTable.in(Terminal.charset(), TextTable.of(table, Terminal.width())));
    }

    /** Every run that passed the filter, with all its metrics. */
    private static String json(List<String> experiments, RunQuery query, RunComparison shown)
            throws JsonProcessingException {
        if (experiments.size() != 1) {
            throw new UsageException("--json tells of one experiment, not of " + experiments.size());
        }
        Map<String, TrackedRun> tracked = TrackedComparison.runs(query, experiments.getFirst()).stream()
                .collect(Collectors.toMap(TrackedRun::runId, run -> run, (a, _) -> a, LinkedHashMap::new));
        Set<String> ids = shown.runs().stream().map(ComparedRun::runId).collect(Collectors.toSet());
        List<Map<String, Object>> list = new ArrayList<>();
        for (ComparedRun run : shown.runs()) { // those that came with the checkout come first
            if (!tracked.containsKey(run.runId())) {
                String variant = new RunPlan(run.variant(), run.seed()).label();
                list.add(entry(run.runId(), variant, run.seed(), run.status(), run.metrics()));
            }
        }
        for (TrackedRun run : tracked.values()) {
            if (ids.contains(run.runId())) {
                list.add(entry(
                        run.runId(),
                        run.variant().orElse(""),
                        run.seed().orElse(0L),
                        run.status().toString(),
                        run.metrics()));
            }
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("experiment", experiments.getFirst());
        document.put("runs", list);
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private static Map<String, Object> entry(
            String id, String variant, long seed, String status, Map<String, Double> metrics) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("run_id", id);
        entry.put("variant", variant);
        entry.put("seed", seed);
        entry.put("status", status);
        entry.put("metrics", new TreeMap<>(metrics));
        return entry;
    }
}
