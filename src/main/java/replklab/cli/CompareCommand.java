package replklab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.report.TextTable;
import replklab.tracking.RunTags;
import replklab.tracking.TrackedRun;
import replklab.tracking.Tracker;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code ./lab compare}: the runs of an experiment side by side, read back from MLflow. */
@Command(
        name = "compare",
        description = "The runs of an experiment side by side, from MLflow.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    private static final String ACCURACY = "accuracy";

    @Parameters(arity = "0..1", paramLabel = "EXPERIMENT", description = "Which one; by default the only one there is.")
    String name;

    @Option(names = "--metric", paramLabel = "M", description = "The metric to show; by default the one that decides.")
    String metric;

    @Option(names = "--json", description = "Print one JSON document with every metric.")
    boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        try (Tracker tracker = Tracker.open()) {
            tracker.sendKept(LabHome.resolve("results"));
            String experiment = name == null ? onlyOne(tracker) : name;
            List<TrackedRun> runs = tracker.query().runs(experiment).stream()
                    .filter(run -> run.variant().isPresent())
                    .toList();
            TreeSet<String> metrics = new TreeSet<>();
            runs.forEach(run -> metrics.addAll(run.metrics().keySet()));
            if (metric == null) {
                metric = metrics.isEmpty() || metrics.contains(ACCURACY) ? ACCURACY : deciding(experiment);
            }
            if (!metrics.isEmpty() && !metrics.contains(metric)) {
                throw UsageException.unknown("metric", metric, metrics);
            }
            System.out.println(json ? json(experiment, runs) : text(runs));
        }
        return 0;
    }

    private static String deciding(String experiment) {
        return Experiments.load(experiment, Profile.QUICK).metric().key();
    }

    private static String onlyOne(Tracker tracker) {
        List<String> known = tracker.query().experiments().stream()
                .filter(experiment -> !experiment.equals("Default"))
                .toList();
        if (known.size() == 1) {
            return known.getFirst();
        }
        throw known.isEmpty()
                ? new LabException("MLflow has no runs yet; ./lab run makes some")
                : new UsageException("which experiment? There are " + String.join(", ", known));
    }

    private String text(List<TrackedRun> runs) {
        StringColumn variant = StringColumn.create("variant");
        LongColumn seed = LongColumn.create("seed");
        StringColumn profile = StringColumn.create("profile");
        StringColumn status = StringColumn.create("status");
        DoubleColumn value = DoubleColumn.create(metric);
        StringColumn commit = StringColumn.create("commit");
        StringColumn id = StringColumn.create("run_id");
        for (TrackedRun run : runs) {
            variant.append(run.variant().orElse(""));
            seed.append(run.seed().orElse(0L));
            profile.append(run.tags().getOrDefault(RunTags.PROFILE, ""));
            status.append(run.status().toString());
            value.append(run.metrics().getOrDefault(metric, Double.NaN));
            String hash = run.tags().getOrDefault(RunTags.COMMIT, "");
            commit.append(hash.substring(0, Math.min(12, hash.length())));
            id.append(run.runId());
        }
        Table table = Table.create("runs", variant, seed, profile, status, value, commit, id);
        return TextTable.in(
                Terminal.charset(), TextTable.of(table.sortOn("profile", "variant", "seed"), Terminal.width()));
    }

    private static String json(String experiment, List<TrackedRun> runs) throws JsonProcessingException {
        List<Map<String, Object>> list = new ArrayList<>();
        for (TrackedRun run : runs) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("run_id", run.runId());
            entry.put("variant", run.variant().orElse(""));
            entry.put("seed", run.seed().orElse(0L));
            entry.put("status", run.status().toString());
            entry.put("metrics", new TreeMap<>(run.metrics()));
            list.add(entry);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("experiment", experiment);
        document.put("runs", list);
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }
}
