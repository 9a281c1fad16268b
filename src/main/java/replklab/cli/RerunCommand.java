package replklab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import replklab.base.LabHome;
import replklab.experiment.MetricCheck;
import replklab.experiment.ProvenanceCheck;
import replklab.experiment.Rerun;
import replklab.table.TextTable;
import replklab.tracking.LoggedRun;
import replklab.tracking.Tracker;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code ./lab rerun}: repeats a logged run and says whether the numbers are the same. */
@Command(
        name = "rerun",
        description = "Repeats a logged run from its provenance alone, and says whether the numbers are the same.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The repetition is a run of its own in MLflow and lies in results/rerun/RUN_ID/. Exit codes: 0 the same to "
                    + "the last bit, 1 they differ or it did not finish, 2 it cannot be repeated. Times do not count."
        })
final class RerunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN_ID", description = "MLflow's id of the run, or its beginning.")
    String id;

    @Mixin
    private ClassPathOption classPath;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() {
        device.use(List.of());
        try (Tracker tracker = Tracker.open()) {
            Path results = LabHome.resolve("results");
            tracker.sendKept(results);
            LoggedRun logged = LoggedRun.find(tracker.query(), results, id);
            Rerun rerun = Rerun.of(tracker, logged, classPath.places());
            List<ProvenanceCheck> differences = rerun.provenance();
            tell(rerun, differences);
            Rerun.Outcome outcome;
            try (RunProgress progress = new RunProgress(1, 1)) {
                outcome = rerun.repeat(results, progress);
            }
            return tell(logged, rerun, differences, outcome);
        }
    }

    private static void tell(Rerun rerun, List<ProvenanceCheck> differences) {
        if (differences.isEmpty()) {
            System.out.println("Everything that the run says of its making is the same here.");
        }
        for (ProvenanceCheck each : differences) {
            System.out.println(each.what() + ": logged " + each.logged() + ", here " + each.here()
                    + (each.way().isEmpty() ? "" : "  (" + each.way() + ")"));
        }
        if (!rerun.hasPlan()) {
            System.out.println("The run kept no plan of its depthwise convolutions: last bits may differ.");
        }
        if (rerun.isMeasured()) {
            System.out.println("The run measured times, which do not repeat: there is nothing that must be the same.");
        }
    }

    private static int tell(LoggedRun logged, Rerun rerun, List<ProvenanceCheck> differences, Rerun.Outcome outcome) {
        System.out.println(TextTable.in(Terminal.charset(), TextTable.of(table(outcome.metrics()), Terminal.width())));
        System.out.println("Run     " + outcome.again().runId() + " repeats " + logged.runId());
        if (outcome.isSame() || rerun.isMeasured()) {
            System.out.println(
                    rerun.isMeasured()
                            ? "It ran again; times are not compared."
                            : "The numbers are the same, to the last bit.");
            return 0;
        }
        String causes = differences.stream().map(ProvenanceCheck::what).collect(Collectors.joining(", "));
        System.out.println("The numbers differ. "
                + (causes.isEmpty()
                        ? "Nothing of the provenance does: this is a defect, please report it."
                        : "So do, as the likely cause: " + causes + "."));
        return 1;
    }

    private static Table table(List<MetricCheck> metrics) {
        StringColumn name = StringColumn.create("metric");
        StringColumn logged = StringColumn.create("logged");
        StringColumn again = StringColumn.create("again");
        IntColumn points = IntColumn.create("values");
        StringColumn verdict = StringColumn.create("");
        for (MetricCheck metric : metrics) {
            name.append(metric.metric());
            logged.append(Double.toString(metric.logged()));
            again.append(Double.toString(metric.again()));
            points.append(metric.points());
            verdict.append(verdict(metric));
        }
        return Table.create("metrics", name, logged, again, points, verdict);
    }

    private static String verdict(MetricCheck metric) {
        if (metric.timing()) {
            return "time, does not count";
        }
        return metric.isSame()
                ? "same"
                : "differs by " + (float) (metric.again() - metric.logged()) + ", first at "
                        + metric.firstDifference().getAsLong();
    }
}
