package replklab.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** The few marks that all charts are made of. Points that are NaN are left out. */
public final class Marks {
    private static final BasicStroke THIN = ChartStyle.stroke(1.6f, new float[] {});
    private static final double CAP = 4;
    /** Height of the names below the x axis. */
    static final double NAMES = 26;
    /** From the x axis down to the line that they stand on. */
    private static final float NAME_DROP = 19;

    private static final double SMALLEST_NAME = 8;
    /** Width of the numbers left of the y axis, and how far they stand from it. */
    static final double HEIGHTS = 48;

    private static final double HEIGHT_GAP = 7.5;

    private Marks() {}

    /** A line through points, dashed as a whole; it breaks at NaN. */
    public static PlotMark line(double[] x, double[] y, SeriesStyle style) {
        return (g, axes) -> {
            g.setColor(style.color());
            g.setStroke(style.stroke());
            Path2D path = new Path2D.Double();
            boolean open = false;
            for (int i = 0; i < x.length; i++) {
                if (!Double.isFinite(y[i])) {
                    open = false;
                } else if (open) {
                    path.lineTo(axes.x(x[i]), axes.y(y[i]));
                } else {
                    path.moveTo(axes.x(x[i]), axes.y(y[i]));
                    open = true;
                }
            }
            g.draw(path);
        };
    }

    /** A faint band between two curves. */
    public static PlotMark band(double[] x, double[] low, double[] high, SeriesStyle style) {
        return (g, axes) -> {
            Path2D path = new Path2D.Double();
            boolean open = false;
            for (int i = 0; i < x.length; i++) {
                if (Double.isFinite(low[i]) && Double.isFinite(high[i])) {
                    if (open) {
                        path.lineTo(axes.x(x[i]), axes.y(high[i]));
                    } else {
                        path.moveTo(axes.x(x[i]), axes.y(high[i]));
                        open = true;
                    }
                }
            }
            for (int i = x.length - 1; i >= 0 && open; i--) {
                if (Double.isFinite(low[i]) && Double.isFinite(high[i])) {
                    path.lineTo(axes.x(x[i]), axes.y(low[i]));
                }
            }
            g.setColor(style.faint());
            g.fill(path);
        };
    }

    /** A marker at every point. */
    public static PlotMark points(double[] x, double[] y, SeriesStyle style, double diameter) {
        return (g, axes) -> {
            for (int i = 0; i < x.length; i++) {
                if (Double.isFinite(y[i])) {
                    marker(g, axes.x(x[i]), axes.y(y[i]), style, diameter);
                }
            }
        };
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

    /** Small see-through dots: single seeds. */
    public static PlotMark dots(double[] x, double[] y, Color color) {
        return (g, axes) -> {
            g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 120));
            for (int i = 0; i < x.length; i++) {
                g.fill(MarkerShape.CIRCLE.at(axes.x(x[i]), axes.y(y[i]), 4.2));
            }
        };
    }

    /** A sign above and right of a point. */
    public static PlotMark remark(double x, double y, String sign) {
        return (g, axes) -> {
            g.setFont(ChartStyle.font(Font.PLAIN, 12));
            g.setColor(ChartStyle.INK);
            g.drawString(sign, (float) axes.x(x) + 6, (float) axes.y(y) - 4);
        };
    }

    /** A vertical interval with caps; nothing where it has no ends. */
    public static PlotMark verticalInterval(double x, double low, double high, Color color) {
        return (g, axes) -> {
            if (Double.isFinite(low) && Double.isFinite(high)) {
                g.setColor(color);
                g.setStroke(THIN);
                double px = axes.x(x);
                g.draw(new Line2D.Double(px, axes.y(low), px, axes.y(high)));
                g.draw(new Line2D.Double(px - CAP, axes.y(low), px + CAP, axes.y(low)));
                g.draw(new Line2D.Double(px - CAP, axes.y(high), px + CAP, axes.y(high)));
            }
        };
    }

    /** A mark some pixels further right, so that marks of one place stand side by side. */
    public static PlotMark shifted(double pixels, PlotMark mark) {
        return (g, axes) -> {
            g.translate(pixels, 0);
            mark.paint(g, axes);
            g.translate(-pixels, 0);
        };
    }

    /** A horizontal interval with caps. */
    public static PlotMark horizontalInterval(double low, double high, double y, Color color) {
        return (g, axes) -> {
            g.setColor(color);
            g.setStroke(ChartStyle.stroke(2, new float[] {}));
            double py = axes.y(y);
            g.draw(new Line2D.Double(axes.x(low), py, axes.x(high), py));
            g.draw(new Line2D.Double(axes.x(low), py - CAP, axes.x(low), py + CAP));
            g.draw(new Line2D.Double(axes.x(high), py - CAP, axes.x(high), py + CAP));
        };
    }

    /** A line across the whole plot at x. */
    public static PlotMark verticalRule(double x, Color color) {
        return (g, axes) -> {
            g.setColor(color);
            g.setStroke(ChartStyle.stroke(1.2f, new float[] {}));
            g.draw(new Line2D.Double(
                    axes.x(x), axes.plot().getMinY(), axes.x(x), axes.plot().getMaxY()));
        };
    }

    /** Names below the x axis at the places 0, 1, 2..., in smaller type where they would run into each other. */
    static PlotMark placeNames(List<String> names) {
        return (g, axes) -> {
            g.setFont(ChartStyle.font(Font.PLAIN, 12));
            double widest =
                    names.stream().mapToDouble(name -> width(g, name)).max().orElse(1);
            double room = 0.92 * (axes.x(1) - axes.x(0));
            if (names.size() > 1 && widest > room) {
                g.setFont(ChartStyle.font(Font.PLAIN, Math.max(SMALLEST_NAME, 12 * room / widest)));
            }
            g.setColor(ChartStyle.INK);
            float base = (float) axes.plot().getMaxY() + NAME_DROP;
            for (int i = 0; i < names.size(); i++) {
                g.drawString(names.get(i), (float) (axes.x(i) - width(g, names.get(i)) / 2), base);
            }
        };
    }

    /** Numbers left of the y axis at heights where it has no label of its own. */
    static PlotMark heightNames(List<Double> heights) {
        return (g, axes) -> {
            g.setFont(ChartStyle.font(Font.PLAIN, 12));
            g.setColor(ChartStyle.INK);
            for (double height : heights) {
                String text = new BigDecimal(height).round(new MathContext(1)).toPlainString();
                double right = axes.plot().getMinX() - HEIGHT_GAP;
                g.drawString(text, (float) (right - width(g, text)), (float) axes.y(height) + 4.5f);
            }
        };
    }

    /** The x axis itself. */
    static PlotMark baseline() {
        return (g, axes) -> {
            g.setColor(ChartStyle.MUTED);
            g.setStroke(ChartStyle.stroke(1.2f, new float[] {}));
            double bottom = axes.plot().getMaxY();
            g.draw(new Line2D.Double(axes.plot().getMinX(), bottom, axes.plot().getMaxX(), bottom));
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
            float base = (float) ((upper + lower) / 2 + 5);
            g.setFont(ChartStyle.font(Font.PLAIN, 12.5));
            g.setColor(ChartStyle.MUTED);
            double wordsWidth = width(g, words);
            g.drawString(words, (float) (plot.getMaxX() - wordsWidth - 2), base);
            g.setFont(ChartStyle.font(Font.BOLD, 12.5));
            g.setColor(ChartStyle.INK);
            String shown = name;
            while (shown.length() > 2 && width(g, shown) > plot.getWidth() - wordsWidth - 14) {
                shown = shown.substring(0, shown.length() - 2) + "…";
            }
            g.drawString(shown, (float) plot.getMinX() + 2, base);
        };
    }

    private static double width(Graphics2D g, String text) {
        return g.getFontMetrics().getStringBounds(text, g).getWidth();
    }
}
