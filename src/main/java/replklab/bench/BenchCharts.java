package replklab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
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

    /** A panel a model and precision, by batch. */
    private static Figure models(BenchRun run, Pass pass, List<Row> rows) {
        return imagesPerSecond(
                run,
                pass,
                pass == Pass.FORWARD ? "Inference" : "Training step (forward and gradients)",
                "batch (images)",
                rows.stream().map(row -> row.what().images()).sorted().map(String::valueOf),
                rows,
                row -> ((ModelCase) row.what()).shown() + ((ModelCase) row.what()).inPrecision(),
                row -> Integer.toString(row.what().images()));
    }

    /** A panel a format, by the files' size. */
    private static Figure data(BenchRun run, Pass pass, List<Row> rows) {
        return imagesPerSecond(
                run,
                pass,
                pass == Pass.FORWARD ? "Reading images to evaluate" : "Reading images to train",
                "size of the files (pixels)",
                rows.stream().map(row -> ((DataCase) row.what()).size()),
                rows,
                row -> ((DataCase) row.what()).format(),
                row -> ((DataCase) row.what()).size());
    }

    /**
     * Images a second.
     *
     * @param places along the axis, in order; those that are there already are passed over
     * @param panel which panel a row belongs to
     * @param place where on its axis
     */
    private static Figure imagesPerSecond(
            BenchRun run,
            Pass pass,
            String title,
            String axis,
            Stream<String> places,
            List<Row> rows,
            Function<Row, String> panel,
            Function<Row, String> place) {
        Map<String, List<LogPanel.Point>> points = new LinkedHashMap<>();
        for (Row row : rows) {
            Timing timing = row.measured().timing();
            points.computeIfAbsent(panel.apply(row), _ -> new ArrayList<>())
                    .add(new LogPanel.Point(
                            place.apply(row),
                            row.measured().implementation(),
                            row.what().imagesPerSecond(timing.median()),
                            row.what().imagesPerSecond(timing.high()),
                            row.what().imagesPerSecond(timing.low())));
        }
        List<LogPanel> panels = new ArrayList<>();
        points.forEach((name, own) -> panels.add(new LogPanel(name, own)));
        return new Figure(
                run.name() + "-" + pass.key(),
                Charts.logScale(
                        title,
                        SPREAD + run.provenance().machine().cpu() + ", " + run.threads() + " threads",
                        axis,
                        "images per second",
                        places.distinct().toList(),
                        panels,
                        false));
    }

    private static LogPanel.Point point(Row row, String place, Timing timing) {
        return new LogPanel.Point(place, row.measured().implementation(), timing.median(), timing.low(), timing.high());
    }
}
