package replklab.chart;

import java.util.List;
import java.util.stream.DoubleStream;
import replklab.plot.Axis;
import replklab.stats.Effect;
import replklab.stats.PairedDifference;
import replklab.stats.StudentInterval;

/**
 * The numbers of {@link Charts#effects}.
 *
 * @param x the effect
 * @param none the place of no effect
 * @param rows one an effect
 */
public record EffectData(Scale x, double none, List<Row> rows) implements ChartData {
    /**
     * An effect.
     *
     * @param numbers ours and the paper's in figures
     * @param ours places of the interval's lower end, the mean and the upper end; empty without an interval
     * @param seeds places of single seeds
     * @param paper the paper's place; empty where it gives no number
     * @param text the effect's sentence
     */
    public record Row(
            String label, String numbers, List<Double> ours, List<Double> seeds, List<Double> paper, String text) {}

    @Override
    public String kind() {
        return "effects";
    }

    /** Of effects that share a unit. */
    static EffectData of(List<Effect> effects) {
        Axis axis = ForestPlot.axis(effects);
        return new EffectData(
                Scale.of(ForestPlot.title(effects), axis),
                ChartData.place(axis, effects.getFirst().scale().told(0)),
                effects.stream().map(effect -> row(axis, effect)).toList());
    }

    private static Row row(Axis axis, Effect effect) {
        return new Row(
                effect.name(),
                ForestPlot.numbers(effect),
                effect.ours().isPresent() ? places(axis, effect.low(), effect.mean(), effect.high()) : List.of(),
                places(
                        axis,
                        DoubleStream.of(StudentInterval.array(effect.ours()
                                        .map(PairedDifference::differences)
                                        .orElse(List.of())))
                                .map(effect.scale()::told)
                                .toArray()),
                places(axis, effect.paperValue()),
                effect.sentence());
    }

    /** Those of values that have one. */
    private static List<Double> places(Axis axis, double... values) {
        return DoubleStream.of(values)
                .filter(value -> Double.isFinite(axis.along(value)))
                .mapToObj(value -> ChartData.place(axis, value))
                .toList();
    }
}
