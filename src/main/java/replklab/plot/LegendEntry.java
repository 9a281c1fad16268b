package replklab.plot;

import java.awt.Graphics2D;
import java.awt.geom.Line2D;

/** A line of a legend: a sample of the mark and its name. */
public record LegendEntry(String label, SeriesStyle style, Kind kind) {
    /** What the sample shows. */
    public enum Kind {
        LINE,
        LINE_AND_MARKER,
        INTERVAL,
        MARKER,
        DOT
    }

    static final int SAMPLE = 30;

    /** Draws the sample around the height y, from x to x + {@link #SAMPLE}. */
    void paintSample(Graphics2D g, double x, double y) {
        double middle = x + SAMPLE / 2.0;
        if (kind == Kind.LINE || kind == Kind.LINE_AND_MARKER) {
            g.setColor(style.color());
            g.setStroke(style.stroke());
            g.draw(new Line2D.Double(x, y, x + SAMPLE, y));
        }
        if (kind == Kind.INTERVAL) {
            Marks.interval(g, x + 3, x + SAMPLE - 3, y, style.color());
        }
        if (kind == Kind.DOT) {
            g.setColor(style.color());
            Marks.dot(g, middle, y);
        } else if (kind != Kind.LINE) {
            Marks.marker(g, middle, y, style, ChartStyle.MARKER);
        }
    }
}
