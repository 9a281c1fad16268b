package replklab.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import replklab.base.UsageException;

/** The paper's column and ours side by side. See {@link Charts#byFactor}. */
final class FactorPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 350;
    /** Lines of one place stand this far apart, in places, so that their intervals do not cover each other. */
    private static final double DODGE = 0.09;

    private FactorPlot() {}

    static Picture draw(String title, PaperComparison comparison, String factor) {
        List<String> levels = levels(comparison, factor);
        SequencedMap<String, List<PaperComparison.Line>> lines = new LinkedHashMap<>();
        for (PaperComparison.Line row : comparison.rows()) {
            Map<String, String> others = new LinkedHashMap<>(row.variant());
            others.remove(factor);
            String name = others.isEmpty() ? comparison.metric().label() : Variants.label(others);
            lines.computeIfAbsent(name, key -> new ArrayList<>()).add(row);
        }
        String xTitle = Variants.words(factor);
        Panel paper = new Panel("The paper", xTitle, PaperTable.title(comparison.column())).categories(levels);
        Panel ours = new Panel("Ours", xTitle, comparison.metric().title()).categories(levels);
        List<LegendEntry> legend = new ArrayList<>();
        List<Double> theirValues = new ArrayList<>();
        List<Double> ourValues = new ArrayList<>();
        int index = 0;
        for (var entry : lines.entrySet()) {
            SeriesStyle style = ChartStyle.series(index);
            double shift = (index++ - (lines.size() - 1) / 2.0) * DODGE;
            legend.add(new LegendEntry(entry.getKey(), style, LegendEntry.Kind.LINE_AND_MARKER));
            addPaper(paper, entry.getValue(), levels, factor, style, theirValues);
            addOurs(ours, entry.getValue(), levels, factor, shift, style, ourValues);
        }
        paper.yRange(StudentInterval.array(theirValues), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        ours.yRange(StudentInterval.array(ourValues), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        String notes = String.join("; ", comparison.notes());
        return new Picture(
                title,
                "Ours: mean and 95 % interval, dots are single seeds. The axes differ."
                        + (notes.isEmpty() ? "" : " The paper's hollow marks: " + notes),
                legend,
                List.of(paper, ours),
                WIDTH,
                HEIGHT);
    }

    private static void addPaper(
            Panel panel,
            List<PaperComparison.Line> rows,
            List<String> levels,
            String factor,
            SeriesStyle style,
            List<Double> values) {
        List<PaperComparison.Line> given =
                rows.stream().filter(row -> row.paper().isPresent()).toList();
        double[] x = places(given, levels, factor, 0);
        double[] y = given.stream()
                .mapToDouble(row -> row.paper().orElseThrow().value())
                .toArray();
        panel.add(Marks.line(x, y, style));
        SeriesStyle doubtful = new SeriesStyle(style.color(), style.marker(), style.stroke(), true);
        for (int i = 0; i < x.length; i++) {
            boolean stated = given.get(i).paper().orElseThrow().standing() == Standing.STATED;
            panel.add(Marks.points(
                    new double[] {x[i]}, new double[] {y[i]}, stated ? style : doubtful, ChartStyle.MARKER + 1));
            values.add(y[i]);
        }
    }

    private static void addOurs(
            Panel panel,
            List<PaperComparison.Line> rows,
            List<String> levels,
            String factor,
            double shift,
            SeriesStyle style,
            List<Double> values) {
        List<PaperComparison.Line> given =
                rows.stream().filter(row -> row.ours().n() > 0).toList();
        double[] x = places(given, levels, factor, shift);
        double[] means = given.stream().mapToDouble(row -> row.ours().mean()).toArray();
        panel.add(Marks.line(x, means, style));
        for (int i = 0; i < x.length; i++) {
            Summary summary = given.get(i).ours();
            double[] seeds = StudentInterval.array(summary.values());
            // Beside the interval, where they do not hide it.
            double[] beside = StudentInterval.array(Collections.nCopies(seeds.length, x[i] + 0.35 * DODGE));
            panel.add(Marks.verticalInterval(x[i], summary.low(), summary.high(), style.color()))
                    .add(Marks.dots(beside, seeds, style.color()));
            values.addAll(summary.values());
            values.add(summary.low());
            values.add(summary.high());
        }
        panel.add(Marks.points(x, means, style, ChartStyle.MARKER + 1));
    }

    private static double[] places(List<PaperComparison.Line> rows, List<String> levels, String factor, double shift) {
        return rows.stream()
                .mapToDouble(row -> levels.indexOf(row.variant().get(factor)) + shift)
                .toArray();
    }

    private static List<String> levels(PaperComparison comparison, String factor) {
        Set<String> levels = new LinkedHashSet<>();
        for (PaperComparison.Line row : comparison.rows()) {
            if (!row.variant().containsKey(factor)) {
                throw UsageException.unknown("factor", factor, row.variant().keySet());
            }
            levels.add(row.variant().get(factor));
        }
        return List.copyOf(levels);
    }
}
