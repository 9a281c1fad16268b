package replklab.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.util.FastMath;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.MarkerShape;
import replklab.plot.Marks;
import replklab.plot.Picture;
import replklab.plot.PicturePart;
import replklab.plot.SeriesStyle;
import replklab.stats.Numbers;
import replklab.stats.Verdict;
import replklab.table.PublishedEffect;

/**
 * Effects of many experiments on one axis: ours in units of the paper's effect, so that points of accuracy and ratios of
 * latencies stand side by side. The axis is linear around 0 and logarithmic far from it (an inverse hyperbolic sine), since
 * an interval may be many times as wide as a small effect of the paper.
 */
public final class EvidencePlot implements PicturePart {
    /**
     * A claim and its effects.
     *
     * @param heading the claim
     * @param effects none where nothing was run yet
     */
    public record Group(String heading, List<PublishedEffect> effects) {
        public Group {
            effects = List.copyOf(effects);
        }
    }

    private static final int WIDTH = 980;
    private static final int LEFT = 296;
    private static final int RIGHT = 330;
    private static final int HEADING = 30;
    private static final int ROW = 25;
    /** The paper stands above ours, so that neither hides the other. */
    private static final double TIER = 4;

    private static final int AXIS = 58;
    private static final int MARGIN = 14;
    /** Where the axis goes over from linear to logarithmic, in units of the paper's effect. */
    private static final double BEND = 0.5;

    /** An axis as long as this has no room for the halves. */
    private static final double WIDE = 12;

    private static final double[] TICKS = {-100, -30, -10, -3, -1, -0.5, 0, 0.5, 1, 3, 10, 30, 100};
    private static final Font TEXT = ChartStyle.font(Font.PLAIN, 12);
    private static final Font BOLD = ChartStyle.font(Font.BOLD, 12.5);

    private final List<Group> groups;
    private double lowest = -1.3;
    private double highest = 3.6;

    private EvidencePlot(List<Group> groups) {
        this.groups = groups;
        groups.stream()
                .flatMap(group -> group.effects().stream())
                .filter(EvidencePlot::isDrawn)
                .forEach(effect -> {
                    double[] ends = {effect.share(effect.low()), effect.share(effect.high())};
                    lowest = Math.max(-150, Math.min(lowest, 1.2 * Math.min(ends[0], ends[1])));
                    highest = Math.min(150, Math.max(highest, 1.2 * Math.max(ends[0], ends[1])));
                });
    }

    public static Picture draw(List<Group> groups) {
        int height = AXIS
                + groups.stream()
                        .mapToInt(group ->
                                HEADING + ROW * Math.max(1, group.effects().size()))
                        .sum();
        return new Picture(
                "The guidelines of RepLKNet, reproduced",
                "One row an effect of the paper; bars are 95 % intervals over paired seeds, verdicts follow from them by rule. Without"
                        + " a bar: the paper gives no size",
                List.of(
                        new LegendEntry("as in the paper", style(Verdict.AS_IN_THE_PAPER), LegendEntry.Kind.INTERVAL),
                        new LegendEntry("not resolved", style(Verdict.NOT_RESOLVED), LegendEntry.Kind.INTERVAL),
                        new LegendEntry("opposite", style(Verdict.OPPOSITE), LegendEntry.Kind.INTERVAL),
                        new LegendEntry("the paper", ChartStyle.paper(), LegendEntry.Kind.MARKER)),
                List.of(new EvidencePlot(groups)),
                WIDTH,
                height);
    }

    /** Colour, shape and filling differ, so that any of them may be lost in print. */
    private static SeriesStyle style(Verdict verdict) {
        return switch (verdict) {
            case AS_IN_THE_PAPER -> ChartStyle.series(0);
            case NOT_RESOLVED ->
                new SeriesStyle(ChartStyle.MUTED, MarkerShape.SQUARE, ChartStyle.stroke(2, new float[] {}), true);
            case OPPOSITE ->
                new SeriesStyle(
                        ChartStyle.series(4).color(),
                        MarkerShape.INVERTED_TRIANGLE,
                        ChartStyle.stroke(2, new float[] {}),
                        false);
        };
    }

    private static boolean isDrawn(PublishedEffect effect) {
        return effect.isMeasured() && Double.isFinite(effect.paper());
    }

    @Override
    public String heading() {
        return "";
    }

    /** Where a share of the paper's effect lies. */
    private double x(double share, int width) {
        double left = place(lowest);
        double along = (place(share) - left) / (place(highest) - left);
        return LEFT + along * (width - LEFT - RIGHT);
    }

    private static double place(double share) {
        return FastMath.asinh(share / BEND);
    }

    @Override
    public void paint(Graphics2D g, int width, int height) {
        int bottom = height - AXIS;
        grid(g, width, bottom);
        int y = 0;
        for (Group group : groups) {
            heading(g, group.heading(), y, width);
            y += HEADING;
            if (group.effects().isEmpty()) {
                g.setFont(TEXT);
                g.setColor(ChartStyle.MUTED);
                g.drawString("not run yet", MARGIN + 12, y + 14);
                y += ROW;
            }
            for (PublishedEffect effect : group.effects()) {
                row(g, effect, y, width);
                y += ROW;
            }
        }
    }

    private void grid(Graphics2D g, int width, int bottom) {
        for (double tick : Arrays.stream(TICKS)
                .filter(tick -> tick > lowest && tick < highest)
                .filter(tick -> Math.abs(tick) != 0.5 || highest - lowest < WIDE)
                .toArray()) {
            double x = x(tick, width);
            g.setColor(tick == 0 ? ChartStyle.INK : ChartStyle.GRID);
            g.setStroke(ChartStyle.stroke(tick == 0 ? 1.2f : 1, new float[] {}));
            g.draw(new Line2D.Double(x, HEADING, x, bottom));
            g.setColor(ChartStyle.INK);
            g.setFont(TEXT);
            centred(g, Numbers.signed(tick, tick == Math.rint(tick) ? 0 : 1).replace("+", ""), x, bottom + 18);
        }
        g.setColor(ChartStyle.MUTED);
        g.setStroke(ChartStyle.stroke(1.2f, new float[] {}));
        g.draw(new Line2D.Double(LEFT, bottom, width - (double) RIGHT, bottom));
        g.setColor(ChartStyle.INK);
        g.setFont(ChartStyle.font(Font.PLAIN, 13));
        centred(g, "ours (1 = the paper's effect, 0 = none)", (LEFT + width - RIGHT) / 2.0, bottom + 40);
    }

    private static void heading(Graphics2D g, String words, int y, int width) {
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, y + 4.0, width, HEADING - 6.0));
        g.setFont(BOLD);
        g.setColor(ChartStyle.INK);
        g.drawString(words, MARGIN, y + 21);
    }

    private void row(Graphics2D g, PublishedEffect effect, int y, int width) {
        double middle = y + ROW / 2.0 - 1;
        float base = (float) middle + 4.5f;
        g.setFont(TEXT);
        g.setColor(ChartStyle.INK);
        g.drawString(fitting(g, effect.name(), LEFT - MARGIN - 24), MARGIN + 12, base);
        String paper = Double.isNaN(effect.paper())
                ? ""
                : ", paper " + effect.paperText().replace(" " + effect.unit(), "");
        int words = width - RIGHT + 12;
        if (effect.isMeasured() && !isDrawn(effect)) {
            Marks.marker(g, words + 5.0, middle, style(effect.verdict()), ChartStyle.MARKER + 1);
            words += 18;
        }
        g.setFont(TEXT);
        g.setColor(ChartStyle.MUTED);
        g.drawString(fitting(g, effect.shortText() + paper, width - MARGIN - words), words, base);
        if (!isDrawn(effect)) {
            return;
        }
        Marks.marker(g, x(1, width), middle - TIER, ChartStyle.paper(), ChartStyle.MARKER);
        SeriesStyle style = style(effect.verdict());
        interval(g, effect, style, middle + TIER, width);
        Marks.marker(g, inside(effect.share(effect.ours()), width), middle + TIER, style, ChartStyle.MARKER + 1);
    }

    private void interval(Graphics2D g, PublishedEffect effect, SeriesStyle style, double y, int width) {
        g.setColor(style.color());
        g.setStroke(ChartStyle.stroke(2, new float[] {}));
        double low = inside(effect.share(effect.low()), width);
        double high = inside(effect.share(effect.high()), width);
        g.draw(new Line2D.Double(low, y, high, y));
        g.draw(new Line2D.Double(low, y - 4, low, y + 4));
        g.draw(new Line2D.Double(high, y - 4, high, y + 4));
    }

    /** What lies beyond the axis, which the numbers tell, is drawn at its end. */
    private double inside(double share, int width) {
        return x(Math.clamp(share, lowest, highest), width);
    }

    private static void centred(Graphics2D g, String text, double x, double base) {
        g.drawString(text, (float) (x - width(g, text) / 2), (float) base);
    }

    private static String fitting(Graphics2D g, String text, double room) {
        String shown = text;
        while (shown.length() > 2 && width(g, shown) > room) {
            shown = shown.substring(0, shown.length() - 2) + "…";
        }
        return shown;
    }

    private static double width(Graphics2D g, String text) {
        return g.getFontMetrics().getStringBounds(text, g).getWidth();
    }
}
