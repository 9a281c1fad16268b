package replklab.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import replklab.base.UsageException;

/** Effects one below the other. See {@link Charts#effects}. */
final class ForestPlot {
    private static final int WIDTH = 860;
    private static final int ROW = 64;
    private static final int AXIS = 78;
    private static final double STRIP = 0.4;
    /** The paper stands above ours and the seeds below, so that none hides another. */
    private static final double TIER = 0.16;

    private ForestPlot() {}

    static Picture draw(String title, List<Effect> effects) {
        if (effects.isEmpty()) {
            throw new UsageException("there is no effect to draw");
        }
        String unit = effects.getFirst().unit();
        List<Double> values = new ArrayList<>(List.of(0.0));
        SeriesStyle ours = ChartStyle.series(0);
        SeriesStyle paper = ChartStyle.paper();
        Panel panel = new Panel("", unit.isEmpty() ? "difference" : "difference (" + unit + ")", "")
                .rows(effects.size())
                .add(Marks.verticalRule(0, ChartStyle.INK));
        for (int i = 0; i < effects.size(); i++) {
            Effect effect = effects.get(i);
            if (!effect.unit().equals(unit)) {
                throw new UsageException("one chart of effects has one unit, but '%s' is in '%s' and '%s' in '%s'"
                        .formatted(effects.getFirst().name(), unit, effect.name(), effect.unit()));
            }
            double y = effects.size() - 1 - i + 0.34;
            panel.add(Marks.strip(effect.name(), numbers(effect), effects.size() - i, STRIP));
            effect.ours().ifPresent(measured -> {
                double[] seeds = StudentInterval.array(measured.differences());
                double[] heights = StudentInterval.array(Collections.nCopies(seeds.length, y - TIER));
                panel.add(Marks.dots(seeds, heights, ours.color()))
                        .add(Marks.horizontalInterval(measured.low(), measured.high(), y, ours.color()))
                        .add(Marks.points(
                                new double[] {measured.mean()}, new double[] {y}, ours, ChartStyle.MARKER + 2));
                values.addAll(measured.differences());
                values.addAll(List.of(measured.low(), measured.high()));
            });
            effect.paper().difference().ifPresent(value -> {
                panel.add(Marks.points(new double[] {value}, new double[] {y + TIER}, paper, ChartStyle.MARKER));
                values.add(value);
            });
        }
        double[] range = Panel.padded(StudentInterval.array(values));
        panel.xRange(range[0], range[1]);
        return new Picture(
                title,
                "Paired differences by seed; the line at zero is no effect" + notes(effects),
                List.of(
                        new LegendEntry("ours, 95 % interval", ours, LegendEntry.Kind.INTERVAL),
                        new LegendEntry("single seeds", ours, LegendEntry.Kind.DOT),
                        new LegendEntry("the paper", paper, LegendEntry.Kind.MARKER)),
                List.of(panel),
                WIDTH,
                ROW * effects.size() + AXIS);
    }

    private static String notes(List<Effect> effects) {
        Set<Standing> used = new LinkedHashSet<>();
        effects.forEach(effect -> used.add(effect.paper().standing()));
        List<String> notes = PaperTable.notes(used);
        return notes.isEmpty() ? "" : ". " + String.join("; ", notes);
    }

    private static String numbers(Effect effect) {
        String paper = effect.paper().difference().isPresent()
                ? ", paper " + Numbers.signed(effect.paper().value(), 2)
                        + effect.paper().standing().mark()
                : "";
        return effect.ours()
                .map(ours -> {
                    int decimals = Numbers.decimalsFor(2, ours.mean(), ours.low(), ours.high());
                    return "%s [%s, %s]%s: %s"
                            .formatted(
                                    Numbers.signed(ours.mean(), decimals),
                                    Numbers.signed(ours.low(), decimals),
                                    Numbers.signed(ours.high(), decimals),
                                    paper,
                                    effect.verdict());
                })
                .orElse("too few seeds for an interval" + paper);
    }
}
