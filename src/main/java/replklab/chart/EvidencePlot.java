package replklab.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import org.hipparchus.util.FastMath;
import replklab.plot.Axis;
import replklab.plot.ChartStyle;
import replklab.plot.LegendEntry;
import replklab.plot.MarkerShape;
import replklab.plot.Marks;
import replklab.plot.Picture;
import replklab.plot.PicturePart;
import replklab.plot.SeriesStyle;
import replklab.plot.Words;
import replklab.stats.Numbers;
import replklab.stats.Verdict;
import replklab.table.Decision;
import replklab.table.PublishedEffect;

/**
 * Effects of many experiments on one axis: ours in units of the paper's effect, so that points of accuracy and ratios of
 * latencies stand side by side. The axis is linear around 0 and logarithmic far from it (an inverse hyperbolic sine), since
 * an interval may be many times as wide as a small effect of the paper.
 */
public final class EvidencePlot implements PicturePart {
    /**
     * A guideline and its effects.
     *
     * @param heading the guideline
     * @param effects none where nothing was run yet
     */
    public record Group(String heading, List<Decision> effects) {
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
    /** What the axis holds at least, and at most. */
    private static final double[][] ENDS = {{-1.3, 3.6}, {-150, 150}};

    private static final Font TEXT = ChartStyle.font(Font.PLAIN, 12);
    private static final Font BOLD = ChartStyle.font(Font.BOLD, 12.5);
    private static final Font PRIMARY = ChartStyle.font(Font.BOLD, 12);

    private static final SeriesStyle SECONDARY =
            new SeriesStyle(ChartStyle.series(5).color(), MarkerShape.CIRCLE, ChartStyle.stroke(1.4), true);

    private final List<Group> groups;
    private final Axis axis;

    private EvidencePlot(List<Group> groups) {
        this.groups = groups;
        DoubleSummaryStatistics ends = groups.stream()
                .flatMap(group -> group.effects().stream())
                .filter(EvidencePlot::isDrawn)
                .flatMapToDouble(each -> DoubleStream.of(
                        each.effect().share(each.low()), each.effect().share(each.high())))
                .map(end -> 1.2 * end)
                .summaryStatistics();
        double lowest = Math.clamp(ends.getMin(), ENDS[1][0], ENDS[0][0]);
        double highest = Math.clamp(ends.getMax(), ENDS[0][1], ENDS[1][1]);
        axis = Axis.of(
                lowest,
                highest,
                share -> FastMath.asinh(share / BEND),
                DoubleStream.of(TICKS)
                        .filter(tick -> Math.abs(tick) != 0.5 || highest - lowest < WIDE)
                        .mapToObj(tick -> new Axis.Tick(
                                tick,
                                Numbers.signed(tick, tick == Math.rint(tick) ? 0 : 1)
                                        .replace("+", "")))
                        .toList());
    }

    /** A row an effect, under the claims that they belong to. */
    public static Picture draw(List<Group> groups) {
        int height = AXIS
                + groups.stream()
                        .mapToInt(group ->
                                HEADING + ROW * Math.max(1, group.effects().size()))
                        .sum();
        return new Picture(
                "The guidelines of RepLKNet, reproduced",
                "Primary claims in bold, with intervals that hold all at once; others with 95 % each, and no verdict. Without a bar: the"
                        + " paper gives no size",
                List.of(
                        new LegendEntry("supported", style(Verdict.SUPPORTED), LegendEntry.Kind.INTERVAL),
                        new LegendEntry("not resolved", style(Verdict.NOT_RESOLVED), LegendEntry.Kind.INTERVAL),
                        new LegendEntry("contradicted", style(Verdict.CONTRADICTED), LegendEntry.Kind.INTERVAL),
                        new LegendEntry("secondary", SECONDARY, LegendEntry.Kind.INTERVAL),
                        new LegendEntry("the paper", ChartStyle.paper(), LegendEntry.Kind.MARKER)),
                List.of(new EvidencePlot(groups)),
                WIDTH,
                height);
    }

    /** Colour, shape and filling differ, so that any of them may be lost in print. */
    private static SeriesStyle style(Verdict verdict) {
        return switch (verdict) {
            case SUPPORTED -> ChartStyle.series(0);
            case NOT_RESOLVED -> new SeriesStyle(ChartStyle.MUTED, MarkerShape.SQUARE, ChartStyle.stroke(2), true);
            case CONTRADICTED ->
                new SeriesStyle(
                        ChartStyle.series(4).color(), MarkerShape.INVERTED_TRIANGLE, ChartStyle.stroke(2), false);
        };
    }

    private static SeriesStyle style(Decision decision) {
        return decision.verdict().map(EvidencePlot::style).orElse(SECONDARY);
    }

    /** Whether it has a place in units of the paper's effect: the paper gives one, and our interval has ends. */
    private static boolean isDrawn(Decision decision) {
        PublishedEffect effect = decision.effect();
        return Axis.undrawn(effect.share(effect.ours()), effect.share(decision.low()), effect.share(decision.high()))
                == 0;
    }

    /** Where a share of the paper's effect lies; what lies beyond the axis, which the numbers tell, is drawn at its end. */
    private double x(double share, int width) {
        return LEFT + axis.along(axis.nearest(share)) * (width - LEFT - RIGHT);
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
            for (Decision decision : group.effects()) {
                row(g, decision, y, width);
                y += ROW;
            }
        }
    }

    private void grid(Graphics2D g, int width, int bottom) {
        for (Axis.Tick tick : axis.ticks(TICKS.length)) {
            double x = x(tick.value(), width);
            g.setColor(tick.value() == 0 ? ChartStyle.INK : ChartStyle.GRID);
            g.setStroke(ChartStyle.stroke(tick.value() == 0 ? 1.2 : 1));
            g.draw(new Line2D.Double(x, HEADING, x, bottom));
            g.setColor(ChartStyle.INK);
            g.setFont(TEXT);
            Words.centred(g, tick.label(), x, bottom + 18);
        }
        g.setColor(ChartStyle.MUTED);
        g.setStroke(ChartStyle.stroke(1.2));
        g.draw(new Line2D.Double(LEFT, bottom, width - (double) RIGHT, bottom));
        g.setColor(ChartStyle.INK);
        g.setFont(ChartStyle.font(Font.PLAIN, 13));
        Words.centred(
                g,
                "our effect over the paper's: 1 is as large, 0 is none, below 0 the other way; logarithmic far from 0",
                (LEFT + width - RIGHT) / 2.0,
                bottom + 40);
    }

    private static void heading(Graphics2D g, String words, int y, int width) {
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, y + 4.0, width, HEADING - 6.0));
        g.setFont(BOLD);
        g.setColor(ChartStyle.INK);
        g.drawString(words, MARGIN, y + 21);
    }

    private void row(Graphics2D g, Decision decision, int y, int width) {
        PublishedEffect effect = decision.effect();
        double middle = y + ROW / 2.0 - 1;
        float base = (float) middle + 4.5f;
        g.setFont(decision.verdict().isPresent() ? PRIMARY : TEXT);
        g.setColor(ChartStyle.INK);
        g.drawString(Words.fitting(g, effect.name(), LEFT - MARGIN - 24), MARGIN + 12, base);
        String paper = Double.isNaN(effect.paper())
                ? ""
                : ", paper " + effect.paperText().replace(" " + effect.unit(), "");
        int words = width - RIGHT + 12;
        if (effect.isMeasured() && !isDrawn(decision)) {
            Marks.marker(g, words + 5.0, middle, style(decision), ChartStyle.MARKER + 1);
            words += 18;
        }
        g.setFont(TEXT);
        g.setColor(ChartStyle.MUTED);
        g.drawString(Words.fitting(g, decision.shortText() + paper, width - MARGIN - words), words, base);
        if (!isDrawn(decision)) {
            return;
        }
        Marks.marker(g, x(1, width), middle - TIER, ChartStyle.paper(), ChartStyle.MARKER);
        SeriesStyle style = style(decision);
        double low = x(effect.share(decision.low()), width);
        double high = x(effect.share(decision.high()), width);
        Marks.interval(g, low, high, middle + TIER, style.color());
        Marks.marker(g, x(effect.share(effect.ours()), width), middle + TIER, style, ChartStyle.MARKER + 1);
    }
}
