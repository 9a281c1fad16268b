package replklab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import replklab.bench.BenchRun.Row;
import replklab.chart.Charts;
import replklab.chart.LogPanel;
import replklab.report.Figure;

/** A benchmark as pictures. */
final class BenchCharts {
    private static final String SPREAD = "Medians; bars reach from the lower to the upper quartile. ";

    private BenchCharts() {}

    static List<Figure> of(BenchRun run) {
        List<Figure> figures = new ArrayList<>();
        for (Pass pass : Pass.values()) {
            List<Row> rows =
                    run.rows().stream().filter(row -> row.what().pass() == pass).toList();
            if (!rows.isEmpty()) {
                figures.add(
                        switch (run.kind()) {
                            case CONV -> convolutions(run, pass, rows);
                            case MODEL -> models(run, pass, rows);
                            case DATA -> data(run, pass, rows);
                        });
            }
        }
        return figures;
    }

    /** A panel a map, time by kernel size. */
    private static Figure convolutions(BenchRun run, Pass pass, List<Row> rows) {
        Map<String, List<Row>> byShape = new LinkedHashMap<>();
        rows.forEach(row -> byShape.computeIfAbsent(((ConvCase) row.what()).shape(), shape -> new ArrayList<>())
                .add(row));
        TreeSet<Integer> kernels = new TreeSet<>();
        rows.forEach(row -> kernels.add(((ConvCase) row.what()).kernel()));
        List<LogPanel> panels = new ArrayList<>();
        byShape.forEach((shape, own) -> {
            List<LogPanel.Point> points = own.stream()
                    .map(row -> point(
                            row,
                            Integer.toString(((ConvCase) row.what()).kernel()),
                            row.measured().timing()))
                    .toList();
            panels.add(new LogPanel(shape.replace("x", " × "), points));
        });
        String title = "Depthwise convolution, " + (pass == Pass.FORWARD ? "forward" : "forward and both gradients");
        return new Figure(
                "conv-" + pass.key(),
                Charts.logScale(
                        title,
                        SPREAD + run.provenance().machine().cpu() + ", " + run.threads() + " threads",
                        "kernel size",
                        "milliseconds",
                        kernels.stream().map(String::valueOf).toList(),
                        panels,
                        true));
    }

    /** A panel a model, images a second by batch. */
    private static Figure models(BenchRun run, Pass pass, List<Row> rows) {
        Map<String, List<LogPanel.Point>> byModel = new LinkedHashMap<>();
        TreeSet<Integer> batches = new TreeSet<>();
        for (Row row : rows) {
            ModelCase what = (ModelCase) row.what();
            batches.add(what.batch());
            byModel.computeIfAbsent(what.model(), model -> new ArrayList<>())
                    .add(perSecond(row, Integer.toString(what.batch()), what.batch()));
        }
        List<LogPanel> panels = new ArrayList<>();
        byModel.forEach((model, points) -> panels.add(new LogPanel(model, points)));
        return new Figure(
                "model-" + pass.key(),
                Charts.logScale(
                        pass == Pass.FORWARD ? "Inference" : "Training step (forward and gradients)",
                        SPREAD + run.provenance().machine().cpu() + ", " + run.threads() + " threads",
                        "batch (images)",
                        "images per second",
                        batches.stream().map(String::valueOf).toList(),
                        panels,
                        false));
    }

    /** A panel a format, images a second by their size. */
    private static Figure data(BenchRun run, Pass pass, List<Row> rows) {
        Map<String, List<LogPanel.Point>> byFormat = new LinkedHashMap<>();
        Set<String> sizes = new LinkedHashSet<>();
        for (Row row : rows) {
            DataCase what = (DataCase) row.what();
            sizes.add(what.size());
            byFormat.computeIfAbsent(what.format(), _ -> new ArrayList<>())
                    .add(perSecond(row, what.size(), DataCase.IMAGES));
        }
        List<LogPanel> panels = new ArrayList<>();
        byFormat.forEach((format, points) -> panels.add(new LogPanel(format, points)));
        return new Figure(
                "data-" + pass.key(),
                Charts.logScale(
                        pass == Pass.FORWARD ? "Reading images to evaluate" : "Reading images to train",
                        SPREAD + run.provenance().machine().cpu() + ", " + run.threads() + " threads",
                        "size of the files (pixels)",
                        "images per second",
                        List.copyOf(sizes),
                        panels,
                        false));
    }

    private static LogPanel.Point perSecond(Row row, String place, int images) {
        Timing timing = row.measured().timing();
        return new LogPanel.Point(
                place,
                row.measured().implementation(),
                1000 * images / timing.median(),
                1000 * images / timing.high(),
                1000 * images / timing.low());
    }

    private static LogPanel.Point point(Row row, String place, Timing timing) {
        return new LogPanel.Point(place, row.measured().implementation(), timing.median(), timing.low(), timing.high());
    }
}
