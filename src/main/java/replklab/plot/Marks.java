package replklab.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** The few marks that all charts are made of. What has no place on the axes, such as NaN and infinities, is not drawn. */
public final class Marks {
    private static final BasicStroke THIN = ChartStyle.stroke(1.6);
    private static final double CAP = 4;
    private static final double DOT = 4.2;

    private Marks() {}

    /** A line through points, dashed as a whole; it breaks where there is none. */
    public static PlotMark line(double[] x, double[] y, SeriesStyle style) {
        return (g, axes) -> {
            g.setColor(style.color());
            g.setStroke(style.stroke());
            Path2D path = new Path2D.Double();
            boolean open = false;
            for (int i = 0; i < x.length; i++) {
                boolean held = axes.hold(x[i], y[i]);
                if (held) {
                    to(path, open, axes.x(x[i]), axes.y(y[i]));
                    if (!open && (i + 1 == x.length || !axes.hold(x[i + 1], y[i + 1]))) {
                        dot(g, axes.x(x[i]), axes.y(y[i])); // a line of one point has no length
                    }
                }
                open = held;
            }
            g.draw(path);
        };
    }

    /** A faint band between two curves. */
    public static PlotMark band(double[] x, double[] low, double[] high, SeriesStyle style) {
        return (g, axes) -> {
            Path2D path = new Path2D.Double();
            for (int side = 0; side < 2; side++) {
                for (int i = 0; i < x.length; i++) {
                    int at = side == 0 ? i : x.length - 1 - i;
                    if (axes.hold(x[at], low[at]) && axes.hold(x[at], high[at])) {
                        double y = side == 0 ? high[at] : low[at];
                        to(path, path.getCurrentPoint() != null, axes.x(x[at]), axes.y(y));
                    }
                }
            }
            g.setColor(style.faint());
            g.fill(path);
        };
    }

    private static void to(Path2D path, boolean open, double x, double y) {
        if (open) {
            path.lineTo(x, y);
        } else {
            path.moveTo(x, y);
        }
    }

    /** A marker at every point. */
    public static PlotMark points(double[] x, double[] y, SeriesStyle style, double diameter) {
        return (g, axes) -> {
            for (int i = 0; i < x.length; i++) {
                if (axes.hold(x[i], y[i])) {
                    marker(g, axes.x(x[i]), axes.y(y[i]), style, diameter);
                }
            }
        };
    }

    /** A marker at one point. */
    public static PlotMark point(double x, double y, SeriesStyle style, double diameter) {
        return points(new double[] {x}, new double[] {y}, style, diameter);
    }

    /** One marker at a pixel: filled with a thin white edge, or hollow. */
    public static void marker(Graphics2D g, double x, double y, SeriesStyle style, double diameter) {
        Shape shape = style.marker().at(x, y, diameter);
        g.setStroke(THIN);
        if (style.hollow()) {
            g.setColor(Color.WHITE);
            g.fill(shape);
            g.setColor(style.color());
            g.draw(shape);
        } else {
            g.setColor(Color.WHITE);
            g.draw(shape);
            g.setColor(style.color());
            g.fill(shape);
        }
    }

    /** A small see-through dot: a single seed. */
    public static PlotMark dot(double x, double y, Color color) {
        return (g, axes) -> {
            if (axes.hold(x, y)) {
                g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 120));
                dot(g, axes.x(x), axes.y(y));
            }
        };
    }

    static void dot(Graphics2D g, double x, double y) {
        g.fill(MarkerShape.CIRCLE.at(x, y, DOT));
    }

    /** A sign above and right of a point. */
    public static PlotMark remark(double x, double y, String sign) {
        return (g, axes) -> {
            if (axes.hold(x, y)) {
                g.setFont(ChartStyle.font(Font.PLAIN, 12));
                g.setColor(ChartStyle.INK);
                Words.left(g, sign, axes.x(x) + 6, axes.y(y) - 4);
            }
        };
    }

    /** A vertical interval with caps; nothing where it has no ends. */
    public static PlotMark verticalInterval(double x, double low, double high, Color color) {
        return (g, axes) -> {
            if (axes.hold(x, low) && axes.hold(x, high)) {
                g.setColor(color);
                g.setStroke(THIN);
                double px = axes.x(x);
                g.draw(new Line2D.Double(px, axes.y(low), px, axes.y(high)));
                for (double end : new double[] {axes.y(low), axes.y(high)}) {
                    g.draw(new Line2D.Double(px - CAP, end, px + CAP, end));
                }
            }
        };
    }

    /** A horizontal interval with caps; nothing where it has no ends. */
    public static PlotMark horizontalInterval(double low, double high, double y, Color color) {
        return (g, axes) -> {
            if (axes.hold(low, y) && axes.hold(high, y)) {
                interval(g, axes.x(low), axes.x(high), axes.y(y), color);
            }
        };
    }

    /** A horizontal interval with caps, in pixels. */
    public static void interval(Graphics2D g, double low, double high, double y, Color color) {
        g.setColor(color);
        g.setStroke(ChartStyle.stroke(2));
        g.draw(new Line2D.Double(low, y, high, y));
        for (double end : new double[] {low, high}) {
            g.draw(new Line2D.Double(end, y - CAP, end, y + CAP));
        }
    }

    /** A line across the whole plot at x. */
    public static PlotMark verticalRule(double x, Color color) {
        return (g, axes) -> {
            Rectangle2D plot = axes.plot();
            g.setColor(color);
            g.setStroke(ChartStyle.stroke(1.2));
            g.draw(new Line2D.Double(axes.x(x), plot.getMinY(), axes.x(x), plot.getMaxY()));
        };
    }

    /**
     * A white strip across the plot, with a name at its left and words at its right; a name too long for its place is cut.
     *
     * @param top value at the strip's upper edge
     * @param height of the strip in units of y
     */
    public static PlotMark strip(String name, String words, double top, double height) {
        return (g, axes) -> {
            Rectangle2D plot = axes.plot();
            double upper = axes.y(top) - 1;
            double lower = axes.y(top - height);
            g.setColor(Color.WHITE);
            g.fill(new Rectangle2D.Double(plot.getMinX() - 1, upper, plot.getWidth() + 2, lower - upper));
            double base = (upper + lower) / 2 + 5;
            g.setFont(ChartStyle.font(Font.PLAIN, 12.5));
            g.setColor(ChartStyle.MUTED);
            Words.right(g, words, plot.getMaxX() - 2, base);
            double room = plot.getWidth() - Words.width(g, words) - 14;
            g.setFont(ChartStyle.font(Font.BOLD, 12.5));
            g.setColor(ChartStyle.INK);
            Words.left(g, Words.fitting(g, name, room), plot.getMinX() + 2, base);
        };
    }
}
