package replklab.chart;

import java.util.List;
import java.util.Optional;
import replklab.plot.ChartStyle;
import replklab.plot.Picture;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.RunComparison;
import replklab.stats.RunDifference;
import replklab.stats.RunRow;
import replklab.table.PaperComparison;

/** The charts of the project, all in the style of {@link ChartStyle}. */
public final class Charts {
    private Charts() {}

    /** Whether {@link #learningCurves} has something to draw: runs may all have diverged in their first epoch. */
    public static boolean hasCurve(List<RunRow> runs, Metric metric) {
        return LearningCurves.has(runs, metric);
    }

    /**
     * A metric by epoch: one line a variant, the mean of its finished seeds, in a band from the lowest seed to the
     * highest.
     *
     * @param runs with curves that hold {@code metric}
     */
    public static Picture learningCurves(String title, List<RunRow> runs, Metric metric) {
        return LearningCurves.draw(title, runs, metric);
    }

    /**
     * Effects one below the other: ours with the 95 % interval and every seed, the line of no effect, and the paper's
     * values as their own mark.
     *
     * @param effects one or more, all in one unit
     */
    public static Picture effects(String title, List<Effect> effects) {
        return ForestPlot.draw(title, effects);
    }

    /** The numbers of {@link #learningCurves}; empty where none is finite. */
    public static Optional<ChartData> curveData(List<RunRow> runs, Metric metric) {
        return CurveData.of(runs, metric);
    }

    /** The numbers of {@link #effects}. */
    public static ChartData effectData(List<Effect> effects) {
        return EffectData.of(effects);
    }

    /**
     * Means with 95 % intervals and single seeds, one below the other.
     *
     * @param metric what is along x
     * @param rows one or more
     * @param differences whether the rows are differences, which have a line at zero and signs
     */
    public static Picture intervals(
            String title, String subtitle, Metric metric, List<IntervalRow> rows, boolean differences) {
        return IntervalPlot.draw(title, subtitle, metric, rows, differences);
    }

    /**
     * A metric by groups of runs: means, intervals, and each seed.
     *
     * @param by the columns that make a group, as {@link RunComparison#groups} takes them
     */
    public static Picture comparison(String title, RunComparison comparison, Metric metric, String... by) {
        return ComparisonPlot.draw(title, comparison, metric, by);
    }

    /**
     * Differences between runs, one below the other, with their intervals.
     *
     * @param metric what the differences are of
     */
    public static Picture differences(String title, List<RunDifference> differences, Metric metric) {
        return ComparisonPlot.draw(title, differences, metric);
    }

    /**
     * The paper's column and ours side by side, each on its own axis: the levels of one factor along x, a line for each
     * combination of the others; ours with 95 % intervals and every seed as a dot.
     *
     * @param factor the factor along x, such as {@code "kernel"}
     * @throws replklab.base.UsageException when the variants do not have that factor
     */
    public static Picture byFactor(String title, PaperComparison comparison, String factor) {
        return FactorPlot.draw(title, comparison, factor);
    }

    /**
     * A metric of ours without numbers of the paper beside it: the levels of one factor along x, a line for each combination
     * of the others, with 95 % intervals and every seed as a dot.
     *
     * @throws replklab.base.UsageException when the variants do not have that factor
     */
    public static Picture byFactor(String title, List<RunRow> runs, Metric metric, String factor) {
        return FactorPlot.draw(title, runs, metric, factor);
    }

    /**
     * The paper's column and ours side by side, each variant at a place of its own: for variants that are not the combinations
     * of their factors' levels.
     */
    public static Picture byVariant(String title, PaperComparison comparison) {
        return FactorPlot.draw(title, comparison);
    }

    /**
     * Measurements of several series at named places, on one logarithmic axis for all panels.
     *
     * @param subtitle what the marks are
     * @param places the names along x, in order
     * @param connected whether lines join a series' points: only where the places are in an order
     */
    public static Picture logScale(
            String title,
            String subtitle,
            String xTitle,
            String yTitle,
            List<String> places,
            List<LogPanel> panels,
            boolean connected) {
        return LogPlot.draw(title, subtitle, xTitle, yTitle, places, panels, connected);
    }

    /**
     * Heat maps in a grid on one colour scale from 0 to 1, so that they can be compared.
     *
     * @param subtitle what is drawn, and what a frame is
     * @param maps in reading order
     * @param columns maps side by side, at least 1
     * @param scale words along the colour bar
     */
    public static Picture heatMaps(String title, String subtitle, List<HeatMap> maps, int columns, String scale) {
        return HeatMapGrid.draw(title, subtitle, maps, columns, scale);
    }

    /**
     * Points, and a line through the origin with its 95 % interval as a band; each panel on axes of its own.
     *
     * @param subtitle what the marks are
     */
    public static Picture scatter(
            String title, String subtitle, String xTitle, String yTitle, List<ScatterPanel> panels) {
        return ScatterPlot.draw(title, subtitle, xTitle, yTitle, panels);
    }

    /**
     * A running experiment: cheap to draw again and again.
     *
     * @param subtitle what is going on, such as {@code "run 3 of 8, about 4 min left"}; may be empty
     */
    public static Picture live(String title, String subtitle, List<LivePanel> panels) {
        return LiveCurves.draw(title, subtitle, panels);
    }
}
