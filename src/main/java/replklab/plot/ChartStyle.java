package replklab.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.util.List;

/**
 * The one style of all charts: white ground, a light grid, labelled axes, colours of Okabe and Ito that colour-blind
 * readers can tell apart, in an order in which neighbours also differ as greys. Black is kept for the paper.
 */
public final class ChartStyle {
    /** Text and axes. */
    public static final Color INK = new Color(0x222222);
    /** Text of second rank. */
    public static final Color MUTED = new Color(0x666666);
    /** Grid lines. */
    public static final Color GRID = new Color(0xE4E4E4);

    /** Grid lines between labelled ones. */
    static final Color FINE_GRID = new Color(0xF2F2F2);

    /** Diameter of a marker in pixels before scaling. */
    public static final double MARKER = 8;

    private static final List<Color> COLORS = List.of(
            new Color(0x0072B2), // blue
            new Color(0xE69F00), // orange
            new Color(0x009E73), // bluish green
            new Color(0xCC79A7), // reddish purple
            new Color(0xD55E00), // vermilion
            new Color(0x56B4E9), // sky blue
            new Color(0x4D4D4D), // grey
            new Color(0x8B5A2B)); // brown
    private static final float[][] DASHES = {{}, {7, 3}, {2, 2.5f}, {9, 3, 2, 3}, {4, 2}, {12, 3}};
    private static final SeriesStyle PAPER = new SeriesStyle(Color.BLACK, MarkerShape.DIAMOND, stroke(1.4), true);

    private ChartStyle() {}

    /** The style of the i-th series, from 0 on; colours repeat after eight, but then with another shape. */
    public static SeriesStyle series(int i) {
        MarkerShape[] shapes = MarkerShape.values();
        int round = i / COLORS.size();
        return new SeriesStyle(
                COLORS.get(i % COLORS.size()),
                shapes[(i + round) % shapes.length],
                stroke(2, DASHES[(i + round) % DASHES.length]),
                false);
    }

    /** The style of the paper's values: a black diamond that is not filled. */
    public static SeriesStyle paper() {
        return PAPER;
    }

    /** A font of the JDK's logical sans-serif family, which needs no display and is mapped on every system. */
    public static Font font(int style, double size) {
        return new Font(Font.SANS_SERIF, style, 1).deriveFont((float) size);
    }

    /** A line of so many pixels before scaling, dashed by lengths of strokes and gaps, or whole. */
    public static BasicStroke stroke(double width, float... dash) {
        float[] pattern = dash.length == 0 ? null : dash;
        return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, pattern, 0);
    }

    /** Settings under which the same picture comes out with the same pixels. */
    static void prepare(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
    }
}
