package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.chart.Charts;
import replklab.data.Split;
import replklab.plot.Picture;
import replklab.report.ExperimentReport;
import replklab.report.Figure;
import replklab.report.Gallery;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.table.PaperComparison;
import replklab.train.Evaluation;

/** Makes the report of an experiment from its runs. */
final class Reports {
    /** Top-1 accuracy on the test images after the last epoch: what decides where models are trained. */
    static final Metric ACCURACY = accuracy(Split.TEST);

    /** The area of table 10, of the pre-trained network. */
    static final Metric FIELD_AREA = new Metric("erf_area", "area of half of the ERF", "%", 1);

    static final Metric FIELD_RADIUS = new Metric("erf_radius", "radius of the ERF", "pixels", 1);

    private static final Metric PIXEL_ACCURACY = new Metric(Evaluation.PIXEL_ACCURACY, "pixel accuracy", "%", 1);

    /** What trainings tell of themselves besides the metrics that are printed. */
    private static final Set<String> OF_TRAINING = Set.of(
            "loss", "learning_rate", "train_loss", "images_per_second", "parameters", "seconds", "seed", "status");

    /** What MLflow takes, and tables have for a column's name. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    private Reports() {}

    private static Metric accuracy(Split evaluated) {
        return new Metric(Evaluation.ACCURACY, evaluated + " accuracy", "%", 1);
    }

    /** Mean intersection over union of the pixels' classes after the last epoch of fine-tuning. */
    private static Metric meanIou(Split evaluated) {
        return new Metric(Evaluation.MEAN_IOU, evaluated + " mIoU", "%", 1);
    }

    /**
     * Makes it.
     *
     * @param absent a sentence for each peer that could not be measured
     * @param gallery what the runs kept of their answers; empty where they gave none
     * @param processors which of them the runs came from, Markdown; empty where that was one kind
     */
    static ExperimentReport of(
            Experiment experiment,
            List<RunRow> runs,
            List<String> absent,
            Provenance provenance,
            Optional<Gallery> gallery,
            String processors) {
        ExperimentSpec spec = experiment.spec();
        List<Metric> metrics = metrics(spec);
        List<Effect> effects = runs.stream().anyMatch(row -> !row.metrics().isEmpty())
                ? spec.hypotheses().stream()
                        .map(each -> each.measure(
                                runs,
                                metrics,
                                spec.inPaper(),
                                (run, metric) -> gallery.filter(_ -> metric.equals(Evaluation.ACCURACY))
                                        .flatMap(kept -> kept.accuracies(run))))
                        .toList()
                : List.of();
        List<PaperComparison> comparisons = comparisons(spec, runs);
        ExperimentReport.Builder report = ExperimentReport.builder(experiment.name())
                .title(spec.title(), spec.question())
                .metrics(metrics)
                .runs(runs)
                .effects(effects)
                .absent(absent)
                .scaleNote(spec.scale())
                .command(experiment.command())
                .checklist(new ReviewChecklist(experiment, runs, provenance).table())
                .processors(processors)
                .provenance(provenance);
        comparisons.forEach(report::comparison);
        gallery.ifPresent(report::gallery);
        byUnit(effects)
                .forEach((file, alike) -> report.figure(
                        new Figure(file, Charts.effects(spec.title(), alike), Optional.of(Charts.effectData(alike)))));
        boolean measured = runs.stream().anyMatch(row -> !row.metrics().isEmpty());
        if (measured && experiment.rerunOf().isEmpty()) { // which compares with one run alone, and has its own table
            figures(spec, comparisons, runs).forEach(report::figure);
        }
        return report.build();
    }

    /** Effects that one chart can have, by the chart's name: those of the first unit, then of each other one. */
    private static Map<String, List<Effect>> byUnit(List<Effect> effects) {
        Map<String, List<Effect>> units = new LinkedHashMap<>();
        effects.forEach(effect ->
                units.computeIfAbsent(effect.unit(), _ -> new ArrayList<>()).add(effect));
        Map<String, List<Effect>> charts = new LinkedHashMap<>();
        units.values()
                .forEach(alike -> charts.put("effects" + (charts.isEmpty() ? "" : "-" + (charts.size() + 1)), alike));
        return charts;
    }

    private static List<Figure> figures(ExperimentSpec spec, List<PaperComparison> comparisons, List<RunRow> runs) {
        if (spec.isMeasured()) {
            return measurable(spec).figures(spec, runs);
        }
        List<Figure> figures = new ArrayList<>();
        for (PaperComparison comparison : comparisons) {
            figures.add(new Figure(file(comparison.metric()), variants(spec, comparison)));
        }
        if (comparisons.isEmpty()) {
            List<Metric> shown =
                    spec.isFinetuned() ? learned(spec) : metrics(spec).subList(0, 1);
            for (Metric metric : shown) {
                figures.add(new Figure(file(metric), Charts.byFactor(spec.title(), runs, metric, lastFactor(spec))));
            }
        }
        for (Metric metric : learned(spec)) {
            if (Charts.hasCurve(runs, metric)) { // runs may all have diverged in their first epoch
                figures.add(new Figure(
                        curves(metric),
                        Charts.learningCurves("Learning curves", runs, metric),
                        Charts.curveData(runs, metric)));
            }
        }
        return figures;
    }

    private static String file(Metric metric) {
        return metric.key().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private static String lastFactor(ExperimentSpec spec) {
        return List.copyOf(spec.variants().keySet()).getLast();
    }

    /** The metrics that are measured after each epoch and drawn. */
    static List<Metric> learned(ExperimentSpec spec) {
        List<Metric> learned = new ArrayList<>(List.of(accuracy(spec.data().evaluateOn())));
        if (spec.isFinetuned()) {
            learned.add(meanIou(spec.evaluatedOn()));
        }
        TestMetrics.of(spec).forEach(metric -> learned.add(metric.metric()));
        return learned;
    }

    /** Two of one key would be one in every table; what trainings tell of themselves has its keys, too. */
    private static void requireKeys(List<Metric> metrics) {
        Set<String> keys = new HashSet<>(OF_TRAINING);
        for (Metric metric : metrics) {
            if (!KEY.matcher(metric.key()).matches()) {
                throw new UsageException("a metric has the key '" + Shown.of(metric.key())
                        + "'; a key has 1 to 100 letters without accents, digits and _ . -");
            }
            if (!keys.add(metric.key())) {
                throw new UsageException("there are two metrics with the key '" + metric.key()
                        + "'; a metric or a probe of your own needs another one");
            }
        }
    }

    /** The name of the picture of a metric's learning curves. */
    static String curves(Metric metric) {
        return metric.key().equals(ACCURACY.key()) ? "curves" : "curves-" + file(metric);
    }

    private static Picture variants(ExperimentSpec spec, PaperComparison comparison) {
        String lastFactor = lastFactor(spec);
        return isCrossed(spec, lastFactor)
                ? Charts.byFactor(spec.title(), comparison, lastFactor)
                : Charts.byVariant(spec.title(), comparison);
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
        List<Metric> metrics = new ArrayList<>();
        if (spec.isMeasured()) {
            metrics.addAll(measurable(spec).metrics());
        } else if (spec.isFinetuned()) {
            metrics.addAll(List.of(
                    accuracy(spec.data().evaluateOn()),
                    meanIou(spec.evaluatedOn()),
                    PIXEL_ACCURACY,
                    FIELD_AREA,
                    FIELD_RADIUS));
        } else {
            Split evaluated = spec.evaluatedOn();
            metrics.addAll(List.of(accuracy(evaluated), new Metric("test_loss", evaluated + " loss", "", 3)));
        }
        TestMetrics.of(spec).forEach(metric -> metrics.add(metric.metric()));
        Probes.of(spec).forEach(probe -> metrics.addAll(probe.metrics()));
        requireKeys(metrics);
        List<String> first = spec.metric() != null
                ? List.of(spec.metric())
                : spec.inPaper()
                        .map(paper -> List.copyOf(paper.columns().keySet()))
                        .orElse(List.of());
        for (String key : first) {
            if (metrics.stream().noneMatch(metric -> metric.key().equals(key))) {
                throw UsageException.unknown(
                        spec.metric() != null ? "metric" : "metric of paper.columns",
                        key,
                        metrics.stream().map(Metric::key).toList());
            }
        }
        metrics.sort(Comparator.comparingInt(
                metric -> first.contains(metric.key()) ? first.indexOf(metric.key()) : first.size()));
        return metrics;
    }

    /** The paper's table beside ours, a column each, if it has one: as ratios where the effects are ratios. */
    static List<PaperComparison> comparisons(ExperimentSpec spec, List<RunRow> runs) {
        if (spec.inPaper().flatMap(PaperSource::numbers).isEmpty()) {
            return List.of();
        }
        List<Metric> metrics = metrics(spec);
        boolean ratios = spec.hypotheses().stream().anyMatch(each -> each.over() != null);
        List<PaperComparison> comparisons = new ArrayList<>();
        spec.paper().columnsBeside(metrics.getFirst().key()).forEach((key, column) -> {
            Metric metric = metrics.stream()
                    .filter(each -> each.key().equals(key))
                    .findFirst()
                    .orElseThrow();
            PaperComparison comparison = PaperComparison.of(
                            spec.paper().numbers().orElseThrow(), column, runs, metric, spec.paper()::row)
                    .named(spec.paper()::factor);
            comparisons.add(ratios ? comparison.asRatio() : comparison);
        });
        return comparisons;
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
