package replklab.plot;

import java.awt.BasicStroke;
import java.awt.Color;

/**
 * How a series is drawn. Colour, shape and dashes all differ, so any one of them may be lost in print.
 *
 * @param color of line, marker and band
 * @param marker its shape
 * @param stroke its line
 * @param hollow whether the marker is an outline filled with white, as the paper's values are
 */
public record SeriesStyle(Color color, MarkerShape marker, BasicStroke stroke, boolean hollow) {
    /** The colour for a band or for single seeds behind the series: the same, mostly transparent. */
    Color faint() {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), 46);
    }
}
