package replklab.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import replklab.base.UsageException;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.Marks;
import replklab.plot.Panel;
import replklab.plot.Picture;
import replklab.plot.SeriesStyle;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.stats.StudentInterval;
import replklab.stats.Summary;
import replklab.stats.Variants;
import replklab.table.PaperComparison;
import replklab.table.PaperTable;

/**
 * Variants side by side, the paper's column beside ours where it has one. See {@link Charts#byFactor} and {@link
 * Charts#byVariant}.
 */
final class FactorPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 350;
    /** Lines of one place stand this far apart, in places, so that their intervals do not cover each other. */
    private static final double DODGE = 0.09;

    private final String title;
    private final Metric metric;
    private final String xTitle;
    private final Function<Map<String, String>, String> place;
    private final boolean connected;
    private final List<String> places;

    /**
     * @param place where along x a variant stands
     * @param connected whether lines join a series' points: only where the places are levels of one factor
     */
    private FactorPlot(
            String title,
            Metric metric,
            String xTitle,
            List<PaperComparison.Line> rows,
            Function<Map<String, String>, String> place,
            boolean connected) {
        this.title = title;
        this.metric = metric;
        this.xTitle = xTitle;
        this.place = place;
        this.connected = connected;
        Set<String> seen = new LinkedHashSet<>();
        rows.forEach(row -> seen.add(place.apply(row.variant())));
        this.places = List.copyOf(seen);
    }

    static Picture draw(String title, PaperComparison comparison, String factor) {
        return byFactor(title, comparison.metric(), comparison.rows(), factor)
                .picture(series(comparison.rows(), comparison.metric(), factor), Optional.of(comparison));
    }

    /** Ours alone. */
    static Picture draw(String title, List<RunRow> runs, Metric metric, String factor) {
        List<PaperComparison.Line> rows = new ArrayList<>();
        Variants.group(runs)
                .forEach((variant, group) -> rows.add(
                        new PaperComparison.Line(variant, Optional.empty(), Variants.summary(group, metric.key()))));
        return byFactor(title, metric, rows, factor).picture(series(rows, metric, factor), Optional.empty());
    }

    /** Each variant at a place of its own. */
    static Picture draw(String title, PaperComparison comparison) {
        List<PaperComparison.Line> rows = comparison.rows();
        List<String> factors = List.copyOf(rows.getFirst().variant().keySet());
        String xTitle = String.join(", ", factors.stream().map(Variants::words).toList());
        SequencedMap<String, List<PaperComparison.Line>> one = new LinkedHashMap<>();
        one.put(comparison.metric().label(), rows);
        return new FactorPlot(
                        title,
                        comparison.metric(),
                        xTitle,
                        rows,
                        variant -> String.join(
                                ", ",
                                factors.stream()
                                        .map(factor -> variant.getOrDefault(factor, ""))
                                        .toList()),
                        false)
                .picture(one, Optional.of(comparison));
    }

    private static FactorPlot byFactor(String title, Metric metric, List<PaperComparison.Line> rows, String factor) {
        for (PaperComparison.Line row : rows) {
            if (!row.variant().containsKey(factor)) {
                throw UsageException.unknown("factor", factor, row.variant().keySet());
            }
        }
        return new FactorPlot(title, metric, Variants.words(factor), rows, variant -> variant.get(factor), true);
    }

    /** The rows by the levels of all factors but one. */
    private static SequencedMap<String, List<PaperComparison.Line>> series(
            List<PaperComparison.Line> rows, Metric metric, String factor) {
        SequencedMap<String, List<PaperComparison.Line>> series = new LinkedHashMap<>();
        for (PaperComparison.Line row : rows) {
            Map<String, String> others = new LinkedHashMap<>(row.variant());
            others.remove(factor);
            String name = others.isEmpty() ? metric.label() : Variants.label(others);
            series.computeIfAbsent(name, key -> new ArrayList<>()).add(row);
        }
        return series;
    }

    private Picture picture(
            SequencedMap<String, List<PaperComparison.Line>> series, Optional<PaperComparison> comparison) {
        Panel ours = new Panel(comparison.isPresent() ? "Ours" : "", xTitle, metric.title()).x(Axis.places(places));
        Optional<Panel> paper = comparison.map(
                theirs -> new Panel("The paper", xTitle, PaperTable.title(theirs.column())).x(Axis.places(places)));
        List<LegendEntry> legend = new ArrayList<>();
        List<Double> theirValues = new ArrayList<>();
        List<Double> ourValues = new ArrayList<>();
        LegendEntry.Kind kind = connected ? LegendEntry.Kind.LINE_AND_MARKER : LegendEntry.Kind.MARKER;
        double aside = (series.size() == 1 ? 0.7 : 0.35) * DODGE;
        int index = 0;
        for (var entry : series.entrySet()) {
            SeriesStyle style = ChartStyle.series(index);
            double shift = (index++ - (series.size() - 1) / 2.0) * DODGE;
            legend.add(new LegendEntry(entry.getKey(), style, kind));
            paper.ifPresent(panel -> addPaper(panel, entry.getValue(), style, theirValues));
            addOurs(ours, entry.getValue(), shift, aside, style, ourValues);
        }
        List<Panel> panels = new ArrayList<>();
        paper.ifPresent(panel -> panels.add(scaled(panel, theirValues)));
        panels.add(scaled(ours, ourValues));
        boolean guessed = series.values().stream()
                .flatMap(List::stream)
                .anyMatch(row -> row.ours().guessed() > 0);
        String notes =
                comparison.map(theirs -> String.join("; ", theirs.notes())).orElse("");
        return new Picture(
                title,
                (comparison.isPresent() ? "Ours: mean" : "Mean")
                        + " and 95 % interval, dots are single seeds."
                        + (comparison.isPresent() ? " The axes differ." : "")
                        + (guessed ? " A diverged run counts as a guess." : "")
                        + (notes.isEmpty() ? "" : " " + notes),
                legend,
                panels,
                WIDTH,
                HEIGHT);
    }

    private static Panel scaled(Panel panel, List<Double> values) {
        return panel.y(Axis.around(StudentInterval.array(values)));
    }

    private void addPaper(Panel panel, List<PaperComparison.Line> rows, SeriesStyle style, List<Double> values) {
        List<PaperComparison.Line> given =
                rows.stream().filter(row -> row.paper().isPresent()).toList();
        double[] x = across(given, 0);
        double[] y = given.stream()
                .mapToDouble(row -> row.paper().orElseThrow().value())
                .toArray();
        if (connected) {
            panel.add(Marks.line(x, y, style));
        }
        SeriesStyle hollow = new SeriesStyle(style.color(), style.marker(), style.stroke(), true);
        panel.add(Marks.points(x, y, hollow, ChartStyle.MARKER + 1));
        for (int i = 0; i < x.length; i++) {
            panel.add(Marks.remark(
                    x[i], y[i], given.get(i).paper().orElseThrow().standing().mark()));
            values.add(y[i]);
        }
    }

    private void addOurs(
            Panel panel,
            List<PaperComparison.Line> rows,
            double shift,
            double aside,
            SeriesStyle style,
            List<Double> values) {
        List<PaperComparison.Line> given =
                rows.stream().filter(row -> row.ours().n() > 0).toList();
        panel.leaveOut(rows.stream()
                .mapToInt(row -> row.ours().leftOut()
                        + Axis.undrawn(StudentInterval.array(row.ours().values())))
                .sum());
        double[] x = across(given, shift);
        double[] means = given.stream().mapToDouble(row -> row.ours().mean()).toArray();
        if (connected) {
            panel.add(Marks.line(x, means, style));
        }
        for (int i = 0; i < x.length; i++) {
            Summary summary = given.get(i).ours();
            // Beside the interval, where they do not hide it.
            double beside = x[i] + aside;
            panel.add(Marks.verticalInterval(x[i], summary.low(), summary.high(), style.color()));
            summary.values().forEach(seed -> panel.add(Marks.dot(beside, seed, style.color())));
            values.addAll(summary.values());
            values.add(summary.low());
            values.add(summary.high());
        }
        panel.add(Marks.points(x, means, style, ChartStyle.MARKER + 1));
    }

    private double[] across(List<PaperComparison.Line> rows, double shift) {
        return rows.stream()
                .mapToDouble(row -> places.indexOf(place.apply(row.variant())) + shift)
                .toArray();
    }
}
