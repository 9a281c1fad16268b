package replklab.report;

import replklab.plot.Picture;

/**
 * A picture of a report.
 *
 * @param file its name without the ending, such as {@code "effects"}: small letters, digits and hyphens
 * @param picture the chart
 */
public record Figure(String file, Picture picture) {
    public Figure {
        if (!file.matches("[a-z0-9][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "the file name of a figure is made of small letters, digits and hyphens, not '" + file + "'");
        }
    }
}
