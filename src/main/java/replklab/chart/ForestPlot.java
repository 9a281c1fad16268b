package replklab.chart;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import replklab.base.UsageException;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.Marks;
import replklab.plot.Panel;
import replklab.plot.Picture;
import replklab.plot.SeriesStyle;
import replklab.stats.Effect;
import replklab.stats.Scale;
import replklab.stats.Standing;
import replklab.stats.StudentInterval;
import replklab.table.PaperTable;

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
        SeriesStyle ours = ChartStyle.series(0);
        SeriesStyle paper = ChartStyle.paper();
        Scale scale = effects.getFirst().scale();
        Panel panel = new Panel("", title(effects), "")
                .y(Axis.rows(effects.size()))
                .add(Marks.verticalRule(scale.told(0), ChartStyle.INK));
        for (int i = 0; i < effects.size(); i++) {
            Effect effect = effects.get(i);
            if (!effect.unit().equals(unit) || effect.scale() != scale) {
                throw new UsageException("one chart of effects has one unit, but '%s' is in '%s' and '%s' in '%s'"
                        .formatted(effects.getFirst().name(), unit, effect.name(), effect.unit()));
            }
            double y = effects.size() - 1 - i + 0.34;
            panel.add(Marks.strip(effect.name(), numbers(effect), effects.size() - i, STRIP));
            effect.ours().ifPresent(measured -> {
                for (double difference : measured.differences()) {
                    panel.add(Marks.dot(scale.told(difference), y - TIER, ours.color()));
                }
                panel.add(Marks.horizontalInterval(effect.low(), effect.high(), y, ours.color()))
                        .add(Marks.point(effect.mean(), y, ours, ChartStyle.MARKER + 2));
            });
            if (effect.paper().difference().isPresent()) {
                panel.add(Marks.point(effect.paperValue(), y + TIER, paper, ChartStyle.MARKER));
            }
        }
        panel.x(axis(effects)).leaveOut(Axis.undrawn(values(effects)));
        List<LegendEntry> legend = new ArrayList<>(List.of(
                new LegendEntry(
                        effects.stream().anyMatch(effect -> effect.paper().isKnown())
                                ? "ours, 95 % interval"
                                : "95 % interval",
                        ours,
                        LegendEntry.Kind.INTERVAL),
                new LegendEntry("single seeds", ours, LegendEntry.Kind.DOT)));
        if (effects.stream().anyMatch(effect -> effect.paper().difference().isPresent())) {
            legend.add(new LegendEntry("the paper", paper, LegendEntry.Kind.MARKER));
        }
        return new Picture(
                title,
                (scale == Scale.RATIO
                                ? "Paired ratios by seed; the line at one is no effect"
                                : "Paired differences by seed; the line at zero is no effect")
                        + notes(effects),
                legend,
                List.of(panel),
                WIDTH,
                ROW * effects.size() + AXIS);
    }

    /** What stands below the axis. */
    static String title(List<Effect> effects) {
        String words = effects.getFirst().scale() == Scale.RATIO ? "ratio" : "difference";
        String unit = effects.getFirst().unit();
        return unit.isEmpty() ? words : words + " (" + unit + ")";
    }

    /** With room for everything that is drawn. */
    static Axis axis(List<Effect> effects) {
        double[] values = values(effects);
        return effects.getFirst().scale() == Scale.RATIO ? Axis.logarithmic(2, values) : Axis.around(values);
    }

    private static double[] values(List<Effect> effects) {
        Scale scale = effects.getFirst().scale();
        List<Double> values = new ArrayList<>(List.of(scale.told(0)));
        for (Effect effect : effects) {
            effect.ours().ifPresent(measured -> {
                measured.differences().forEach(difference -> values.add(scale.told(difference)));
                values.addAll(List.of(effect.low(), effect.high()));
            });
            if (effect.paper().difference().isPresent()) {
                values.add(effect.paperValue());
            }
        }
        return StudentInterval.array(values);
    }

    private static String notes(List<Effect> effects) {
        Set<Standing> used = new LinkedHashSet<>();
        effects.forEach(effect -> used.add(effect.paper().standing()));
        List<String> notes = PaperTable.notes(used);
        if (effects.stream().anyMatch(effect -> effect.diverged().guessed() > 0)) {
            notes = new ArrayList<>(notes);
            notes.add("a diverged run counts as a guess");
        }
        return notes.isEmpty() ? "" : ". " + String.join("; ", notes);
    }

    /** Ours and the paper's in figures. */
    static String numbers(Effect effect) {
        String paper = effect.paper().difference().isPresent()
                ? ", paper " + effect.scale().signed(effect.paper().value(), 2)
                        + effect.paper().standing().mark()
                : "";
        return effect.ours()
                .map(ours -> {
                    Scale scale = effect.scale();
                    int decimals = scale.decimals(2, ours.mean(), ours.low(), ours.high());
                    return "%s [%s, %s]%s%s"
                            .formatted(
                                    scale.signed(ours.mean(), decimals),
                                    scale.signed(ours.low(), decimals),
                                    scale.signed(ours.high(), decimals),
                                    paper,
                                    effect.diverged().suffix());
                })
                .orElse("too few seeds for an interval" + paper
                        + effect.diverged().suffix());
    }
}
