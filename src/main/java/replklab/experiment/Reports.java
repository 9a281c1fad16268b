package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.report.Charts;
import replklab.report.Effect;
import replklab.report.ExperimentReport;
import replklab.report.Figure;
import replklab.report.Metric;
import replklab.report.PaperComparison;
import replklab.report.Picture;
import replklab.report.RunRow;

/** Makes the report of an experiment from its runs. */
final class Reports {
    /** Top-1 accuracy on the test images after the last epoch: what decides where models are trained. */
    static final Metric ACCURACY = new Metric("accuracy", "test accuracy", "%", 1);

    private static final Metric TEST_LOSS = new Metric("test_loss", "test loss", "", 3);

    private Reports() {}

    static ExperimentReport of(Experiment experiment, List<RunRow> runs, Provenance provenance) {
        ExperimentSpec spec = experiment.spec();
        List<Metric> metrics = metrics(spec);
        List<Effect> effects = runs.stream().anyMatch(row -> !row.metrics().isEmpty())
                ? spec.effects().stream()
                        .map(effect -> effect.measure(runs, metrics.getFirst().key(), spec.paper()))
                        .toList()
                : List.of();
        Optional<PaperComparison> comparison = comparison(spec, runs);
        ExperimentReport.Builder report = ExperimentReport.builder(experiment.name())
                .title(spec.title(), spec.question())
                .metrics(metrics)
                .runs(runs)
                .effects(effects)
                .scaleNote(spec.scale())
                .command("./lab run " + experiment.name() + " --profile " + experiment.profile())
                .provenance(provenance);
        comparison.ifPresent(report::comparison);
        if (!effects.isEmpty()) {
            report.figure("effects", Charts.effects(spec.title(), effects));
            figures(spec, comparison, runs).forEach(figure -> report.figure(figure.file(), figure.picture()));
        }
        return report.build();
    }

    private static List<Figure> figures(ExperimentSpec spec, Optional<PaperComparison> comparison, List<RunRow> runs) {
        if (spec.isMeasured()) {
            return measurable(spec).figures(spec, runs);
        }
        Metric metric = metrics(spec).getFirst();
        return List.of(
                new Figure(metric.key().replace('_', '-'), variants(spec, metric, comparison, runs)),
                new Figure("curves", Charts.learningCurves("Learning curves", runs, ACCURACY)));
    }

    private static Picture variants(
            ExperimentSpec spec, Metric metric, Optional<PaperComparison> comparison, List<RunRow> runs) {
        String lastFactor = List.copyOf(spec.variants().keySet()).getLast();
        if (comparison.isEmpty()) {
            return Charts.byFactor(spec.title(), runs, metric, lastFactor);
        }
        return isCrossed(spec, lastFactor)
                ? Charts.byFactor(spec.title(), comparison.get(), lastFactor)
                : Charts.byVariant(spec.title(), comparison.get());
    }

    /** Whether every combination of the other factors is run with more than one level of this one. */
    private static boolean isCrossed(ExperimentSpec spec, String factor) {
        return spec.combinations().stream()
                .collect(Collectors.groupingBy(variant -> {
                    Map<String, String> others = new HashMap<>(variant);
                    others.remove(factor);
                    return others;
                }))
                .values()
                .stream()
                .allMatch(line -> line.size() > 1);
    }

    /** What to print of the runs, the metric that decides first. */
    static List<Metric> metrics(ExperimentSpec spec) {
        List<Metric> metrics =
                new ArrayList<>(spec.isMeasured() ? measurable(spec).metrics() : List.of(ACCURACY, TEST_LOSS));
        Probes.of(spec).forEach(probe -> metrics.addAll(probe.metrics()));
        if (spec.metric() != null) {
            Metric deciding = metrics.stream()
                    .filter(metric -> metric.key().equals(spec.metric()))
                    .findFirst()
                    .orElseThrow(() -> UsageException.unknown(
                            "metric",
                            spec.metric(),
                            metrics.stream().map(Metric::key).toList()));
            metrics.remove(deciding);
            metrics.addFirst(deciding);
        }
        return metrics;
    }

    /** The paper's table beside ours, if it has one: as a ratio where the effects are ratios. */
    static Optional<PaperComparison> comparison(ExperimentSpec spec, List<RunRow> runs) {
        boolean ratios = spec.effects().stream().anyMatch(effect -> effect.over() != null);
        return spec.paper()
                .numbers()
                .map(table -> PaperComparison.of(
                        table, spec.paper().column(), runs, metrics(spec).getFirst(), spec.paper()::row))
                .map(comparison -> ratios ? comparison.asRatio() : comparison);
    }

    /** Every variant measures the same, with other options. */
    private static Measurable measurable(ExperimentSpec spec) {
        return Measurables.of(spec.optionsOf(spec.combinations().getFirst()));
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
