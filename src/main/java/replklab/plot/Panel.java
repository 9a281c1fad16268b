package replklab.plot;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** One pair of axes with what is drawn between them. */
public final class Panel implements PicturePart {
    private static final Font LABELS = ChartStyle.font(Font.PLAIN, 12);
    private static final Font TITLES = ChartStyle.font(Font.PLAIN, 13);
    private static final int PADDING = 16;
    /** From the picture's edge over the title of the y axis to its labels. */
    private static final int Y_TITLE = 27;
    /** From the labels of the y axis to the axis. */
    private static final double GAP = 7.5;
    /** From the x axis down to the line that its labels stand on, and to that of its title. */
    private static final int LABEL_DROP = 19;

    private static final int TITLE_DROP = 38;
    private static final int TICK = 4;
    /** Pixels that a label takes along either axis. */
    private static final int X_SPACING = 64;

    private static final int Y_SPACING = 36;
    private static final double SMALLEST_NAME = 8;

    private final String heading;
    private final String xTitle;
    private final String yTitle;
    private final List<PlotMark> marks = new ArrayList<>();
    private Axis across = Axis.linear(0, 1);
    private Axis up = Axis.linear(0, 1);
    private int leftOut;

    /** Axes from 0 to 1 with nothing between them yet; titles may be empty. */
    public Panel(String heading, String xTitle, String yTitle) {
        this.heading = heading;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    @Override
    public String heading() {
        return heading;
    }

    /** Draws a mark over those before it. */
    public Panel add(PlotMark mark) {
        marks.add(mark);
        return this;
    }

    /** The axis along the lower edge. */
    public Panel x(Axis axis) {
        across = axis;
        return this;
    }

    /** The axis along the left edge. */
    public Panel y(Axis axis) {
        up = axis;
        return this;
    }

    /** Says of so many values more that they are left out. */
    public Panel leaveOut(int values) {
        leftOut += values;
        return this;
    }

    @Override
    public int leftOut() {
        return leftOut;
    }

    @Override
    public void paint(Graphics2D g, int width, int height) {
        g.setFont(LABELS);
        double bottom = height - PADDING - TITLE_DROP - 2.0;
        int most = (int) (bottom - PADDING) / Y_SPACING;
        Axis upwards = up.endingOnTicks(most);
        List<Axis.Tick> heights = upwards.ticks(most);
        double left = PADDING;
        if (!heights.isEmpty()) {
            double widest = heights.stream()
                    .mapToDouble(tick -> Words.width(g, tick.label()))
                    .max()
                    .orElse(0);
            left += (yTitle.isEmpty() ? 0 : Y_TITLE) + widest + GAP;
        }
        Axes axes = new Axes(
                across, upwards, new Rectangle2D.Double(left, PADDING, width - PADDING - left, bottom - PADDING));
        paintHeights(g, axes, heights);
        paintPlaces(g, axes, places(g, axes), heights.isEmpty());
        paintMarks(g, axes);
        if (leftOut > 0 && (across.isEmpty() || up.isEmpty())) {
            g.setFont(TITLES);
            g.setColor(ChartStyle.MUTED);
            Words.centred(
                    g, "no finite value", axes.plot().getCenterX(), axes.plot().getCenterY());
        }
        g.setColor(ChartStyle.MUTED);
        g.setStroke(ChartStyle.stroke(1.2));
        g.draw(new Line2D.Double(left, bottom, axes.plot().getMaxX(), bottom));
    }

    /** As many ticks as have room for their labels side by side. */
    private List<Axis.Tick> places(Graphics2D g, Axes axes) {
        double room = axes.plot().getWidth();
        int most = (int) room / X_SPACING;
        List<Axis.Tick> ticks = across.ticks(most);
        while (!across.isNamed()
                && most-- > 1
                && ticks.stream()
                                .mapToDouble(tick -> Words.width(g, tick.label()) + GAP)
                                .sum()
                        > room) {
            ticks = across.ticks(most);
        }
        return ticks;
    }

    private void paintMarks(Graphics2D g, Axes axes) {
        Shape clip = g.getClip();
        // A marker at the edge of the range is drawn whole.
        double margin = ChartStyle.MARKER;
        Rectangle2D plot = axes.plot();
        g.clip(new Rectangle2D.Double(
                plot.getX() - margin,
                plot.getY() - margin,
                plot.getWidth() + 2 * margin,
                plot.getHeight() + 2 * margin));
        marks.forEach(mark -> mark.paint(g, axes));
        g.setClip(clip);
    }

    private void paintHeights(Graphics2D g, Axes axes, List<Axis.Tick> ticks) {
        Rectangle2D plot = axes.plot();
        g.setStroke(ChartStyle.stroke(1));
        for (Axis.Tick tick : ticks) {
            double y = axes.y(tick.value());
            g.setColor(tick.label().isEmpty() ? ChartStyle.FINE_GRID : ChartStyle.GRID);
            g.draw(new Line2D.Double(plot.getMinX(), y, plot.getMaxX(), y));
            g.setColor(ChartStyle.INK);
            Words.right(g, tick.label(), plot.getMinX() - GAP, y + 4.5);
        }
        if (!ticks.isEmpty()) {
            g.setFont(TITLES);
            g.setColor(ChartStyle.INK);
            Words.upright(g, yTitle, PADDING + 12.0, plot.getCenterY(), plot.getHeight() + PADDING);
        }
    }

    /** @param grid whether lines stand on the ticks */
    private void paintPlaces(Graphics2D g, Axes axes, List<Axis.Tick> ticks, boolean grid) {
        Rectangle2D plot = axes.plot();
        g.setFont(labelFont(g, axes, ticks));
        g.setStroke(ChartStyle.stroke(1));
        for (Axis.Tick tick : ticks) {
            double x = axes.x(tick.value());
            if (grid) {
                g.setColor(tick.label().isEmpty() ? ChartStyle.FINE_GRID : ChartStyle.GRID);
                g.draw(new Line2D.Double(x, plot.getMinY(), x, plot.getMaxY()));
            }
            if (!across.isNamed()) {
                g.setColor(ChartStyle.MUTED);
                g.draw(new Line2D.Double(x, plot.getMaxY(), x, plot.getMaxY() + TICK));
            }
            g.setColor(ChartStyle.INK);
            Words.centred(g, tick.label(), x, plot.getMaxY() + LABEL_DROP);
        }
        g.setFont(TITLES);
        Words.centred(g, xTitle, plot.getCenterX(), plot.getMaxY() + TITLE_DROP);
    }

    /** Smaller type where names would run into each other. */
    private Font labelFont(Graphics2D g, Axes axes, List<Axis.Tick> ticks) {
        g.setFont(LABELS);
        double widest = ticks.stream()
                .mapToDouble(tick -> Words.width(g, tick.label()))
                .max()
                .orElse(1);
        double room = 0.92 * (axes.x(1) - axes.x(0));
        return across.isNamed() && ticks.size() > 1 && widest > room
                ? ChartStyle.font(Font.PLAIN, Math.max(SMALLEST_NAME, 12 * room / widest))
                : LABELS;
    }
}
