package replklab.chart;

import java.util.List;
import replklab.plot.Axis;

/**
 * What a chart shows as numbers, so that a page can draw it and answer to a pointer. Places are shares of the plot, from its left or
 * its lower edge: who draws knows no scales.
 */
public sealed interface ChartData permits CurveData, EffectData {
    /** Ticks of an axis, of which about so many have a label. */
    int TICKS = 8;

    /** What distinguishes it from other kinds of charts. */
    String kind();

    /**
     * An axis.
     *
     * @param title may be empty
     * @param ticks along it
     */
    record Scale(String title, List<Tick> ticks) {
        static Scale of(String title, Axis axis) {
            return new Scale(
                    title,
                    axis.ticks(TICKS).stream()
                            .map(tick -> new Tick(place(axis, tick.value()), tick.label()))
                            .toList());
        }
    }

    /** A labelled place; the label may be empty. */
    record Tick(double at, String label) {}

    /** A value's place, to a hundredth of a pixel. */
    static double place(Axis axis, double value) {
        return Math.rint(axis.along(value) * 1e5) / 1e5;
    }
}
