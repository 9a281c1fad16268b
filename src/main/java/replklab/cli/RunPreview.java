package replklab.cli;

import java.nio.file.Path;
import java.util.List;
import replklab.base.LabHome;
import replklab.base.Provenance;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.Experiments;
import replklab.experiment.Forecast;
import replklab.report.ReportWriter;
import replklab.report.ResultsPage;
import replklab.table.TextTable;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a terminal shows of experiments before they run, and when they are done. */
final class RunPreview {
    private RunPreview() {}

    /** What is to come: runs, those that are done, and what the others take. */
    static String of(List<Experiment> experiments, boolean fresh) {
        StringColumn name = StringColumn.create("experiment");
        IntColumn runs = IntColumn.create("runs");
        IntColumn done = IntColumn.create("done");
        StringColumn time = StringColumn.create("time");
        StringColumn disk = StringColumn.create("disk");
        for (Experiment experiment : experiments) {
            Forecast forecast = Forecast.of(LabHome.resolve("results"), experiment, fresh);
            boolean isDone = forecast.done() == forecast.runs();
            name.append(experiment.name());
            runs.append(forecast.runs());
            done.append(forecast.done());
            time.append(isDone ? "none" : time(experiment, forecast));
            disk.append(
                    isDone || forecast.bytes().isEmpty()
                            ? ""
                            : "%.0f MB".formatted(Math.ceil(forecast.bytes().getAsLong() / 1e6)));
        }
        return TextTable.of(Table.create("plan", name, runs, done, time, disk), Terminal.width());
    }

    /** By runs that were reported, else what the file says of all of them. */
    private static String time(Experiment experiment, Forecast forecast) {
        if (forecast.time().isPresent()) {
            return Provenance.words(forecast.time().get()) + ", by the last ones' times";
        }
        String stated = Experiments.statedCosts(experiment.name(), experiment.profile());
        return stated.isEmpty() ? Forecast.ofSchedule(experiment).orElse("") : stated + " for all, by the file";
    }

    /** What was found, and where to read on. */
    static void print(ExperimentRunner.Outcome outcome) {
        String text = ReportWriter.terminal(outcome.report(), Terminal.width());
        System.out.println(TextTable.in(Terminal.charset(), text));
        if (!outcome.report().provenance().profile().equals(ResultsPage.PROFILE)) {
            ResultsPage.inFull(LabHome.resolve("results"), outcome.report().experiment())
                    .ifPresent(known -> System.out.println(
                            TextTable.in(Terminal.charset(), TextTable.wrap(known, Terminal.width()))));
        }
        Path page = LabHome.root().relativize(outcome.page());
        System.out.println("Report  " + page.resolveSibling(ReportWriter.HTML) + ", " + page);
        System.out.println(
                outcome.trackerPage().isEmpty()
                        ? "MLflow  is told by the next ./lab run, compare or sweep --wait"
                        : "MLflow  " + outcome.trackerPage() + "  (./lab mlflow opens the page again)");
        if (outcome.failed() > 0) {
            System.out.println(outcome.failed() + " runs did not finish; the same command tries them again.");
        }
    }
}
