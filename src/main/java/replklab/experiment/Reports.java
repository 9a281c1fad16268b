package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.report.Charts;
import replklab.report.Effect;
import replklab.report.ExperimentReport;
import replklab.report.Metric;
import replklab.report.PaperComparison;
import replklab.report.PaperTable;
import replklab.report.RunRow;

/** Makes the report of an experiment from its runs. */
final class Reports {
    static final Metric ACCURACY = new Metric(ExperimentRunner.METRIC, "test accuracy", "%", 1);
    private static final Metric TEST_LOSS = new Metric("test_loss", "test loss", "", 3);

    private Reports() {}

    static ExperimentReport of(Experiment experiment, List<RunRow> runs, Provenance provenance) {
        ExperimentSpec spec = experiment.spec();
        PaperTable table = PaperTable.load(spec.paper().table());
        String column = spec.paper().column();
        List<Effect> effects = runs.stream().anyMatch(row -> !row.metrics().isEmpty())
                ? spec.effects().stream()
                        .map(effect -> effect.measure(runs, ExperimentRunner.METRIC, table, column))
                        .toList()
                : List.of();
        PaperComparison comparison = PaperComparison.of(table, column, runs, ACCURACY);
        String lastFactor = List.copyOf(spec.variants().keySet()).getLast();
        ExperimentReport.Builder report = ExperimentReport.builder(experiment.name())
                .title(spec.title(), spec.question())
                .metrics(List.of(ACCURACY, TEST_LOSS))
                .runs(runs)
                .effects(effects)
                .comparison(comparison)
                .scaleNote(spec.scale())
                .command("./lab run " + experiment.name() + " --profile " + experiment.profile())
                .provenance(provenance);
        if (!effects.isEmpty()) {
            report.figure("effects", Charts.effects(spec.title(), effects))
                    .figure("accuracy", Charts.byFactor(spec.title(), comparison, lastFactor))
                    .figure("curves", Charts.learningCurves("Learning curves", runs, ACCURACY));
        }
        return report.build();
    }

    /** Names of the files in a report's folder. */
    static List<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LabException("cannot list " + folder + ": " + e.getMessage(), e);
        }
    }
}
