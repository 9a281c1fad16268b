package replklab.report;

import java.util.Optional;
import replklab.chart.ChartData;
import replklab.plot.Picture;

/**
 * A picture of a report.
 *
 * @param file its name without the ending, such as {@code "effects"}: small letters, digits and hyphens
 * @param picture the chart
 * @param data its numbers, where the HTML page draws the chart from them; the picture is what is printed
 */
public record Figure(String file, Picture picture, Optional<ChartData> data) {
    public Figure {
        if (!file.matches("[a-z0-9][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "the file name of a figure is made of small letters, digits and hyphens, not '" + file + "'");
        }
    }

    /** A picture alone. */
    public Figure(String file, Picture picture) {
        this(file, picture, Optional.empty());
    }
}
