package replklab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.LabHome;
import replklab.tracking.LoggedRun;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;

/** {@code ./lab show}: one run. */
@Command(
        name = "show",
        description = "One run: how it ended, where it comes from, its parameters, metrics and artifacts.",
        mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
    private static final SequencedMap<String, String> PROVENANCE = new LinkedHashMap<>();

    static {
        PROVENANCE.put("variant", RunTags.VARIANT);
        PROVENANCE.put("seed", RunTags.SEED);
        PROVENANCE.put("profile", RunTags.PROFILE);
        PROVENANCE.put("commit", RunTags.COMMIT);
        PROVENANCE.put("dirty", RunTags.DIRTY);
        PROVENANCE.put("settings", "replklab.settings_sha256");
        PROVENANCE.put("library", "replklab.library_sha256");
        PROVENANCE.put("data", "replklab.data_sha256");
        PROVENANCE.put("jdk", RunTags.JDK);
        PROVENANCE.put("jvm_flags", RunTags.JVM_FLAGS);
        PROVENANCE.put("machine", RunTags.MACHINE);
        PROVENANCE.put("backend", RunTags.BACKEND);
        PROVENANCE.put("rerun_of", RunTags.RERUN_OF);
    }

    @Parameters(
            paramLabel = "RUN_ID",
            description = "MLflow's id of the run, or its beginning; runs.csv and ./lab compare --json list them.")
    String id;

    @Option(
            names = "--json",
            description = "Print one JSON document; \"NaN\", \"Infinity\" and \"-Infinity\" are texts.")
    boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        try (Tracker tracker = Tracker.open()) {
            Path results = LabHome.resolve("results");
            tracker.sendKept(results);
            SequencedMap<String, Object> told = told(
                    LoggedRun.find(tracker.query(), results, id), tracker.uri().toString());
            if (json) {
                System.out.println(
                        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(told));
            } else {
                told.forEach(ShowCommand::print);
            }
        }
        return 0;
    }

    private static SequencedMap<String, Object> told(LoggedRun run, String server) {
        SequencedMap<String, Object> told = new LinkedHashMap<>();
        told.put("run_id", run.runId());
        told.put("experiment", run.experiment());
        told.put("name", run.name());
        told.put("status", run.ending());
        told.put("started", run.start().toString());
        run.end().ifPresent(end -> told.put("ended", end.toString()));
        PROVENANCE.forEach((name, tag) -> {
            if (run.tags().containsKey(tag)) {
                told.put(name, run.tags().get(tag));
            }
        });
        told.put("parameters", run.params());
        told.put("metrics", run.metrics());
        told.put("artifacts", run.artifacts());
        run.folder()
                .ifPresent(folder -> told.put(
                        "folder",
                        LabHome.root()
                                .toAbsolutePath()
                                .relativize(folder.toAbsolutePath())
                                .toString()));
        run.page().ifPresent(page -> told.put("page", server + page));
        return told;
    }

    private static void print(String name, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                System.out.println(name);
                map.forEach((key, each) -> System.out.println("  " + key + " = " + each));
            }
            case List<?> list -> {
                System.out.println(name);
                list.forEach(each -> System.out.println("  " + each));
            }
            default -> System.out.printf("%-12s%s%n", name, value);
        }
    }
}
