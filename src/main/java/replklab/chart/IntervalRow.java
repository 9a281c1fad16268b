package replklab.chart;

import java.util.List;
import replklab.stats.Summary;

/**
 * A row of {@link Charts#intervals}.
 *
 * @param name what it is
 * @param values single seeds; may be empty
 * @param mean the mark; NaN draws nothing
 * @param low lower end of its 95 % interval; NaN draws none
 * @param high upper end
 */
public record IntervalRow(String name, List<Double> values, double mean, double low, double high) {
    public IntervalRow {
        values = List.copyOf(values);
    }

    /** The values with their mean and its interval. */
    public static IntervalRow of(String name, Summary summary) {
        String note = summary.note();
        return new IntervalRow(
                note.isEmpty() ? name : name + " (" + note + ")",
                summary.values(),
                summary.mean(),
                summary.low(),
                summary.high());
    }
}
