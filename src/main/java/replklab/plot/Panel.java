package replklab.plot;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One pair of axes with what is drawn between them. */
public final class Panel implements PicturePart {
    private static final double PADDING = 0.06;
    private static final int AXIS = 60;
    private static final double X_PADDING = 0.02;
    private static final double FEWEST_WHOLE = 2;
    private static final int USUAL_SPACING = 64;
    /** Two powers of ten and the room at the ends. */
    private static final double FEW_DECADES = 125;

    private final XYChart chart = new XYChart(100, 100);
    private final PlotLayer layer = new PlotLayer();
    private final String heading;
    private double[] xs = {0, 1};
    private double[] ys = {0, 1};
    private List<String> categories = List.of();
    private boolean logarithmic;

    public Panel(String heading, String xTitle, String yTitle) {
        this.heading = heading;
        ChartStyle.apply(chart);
        chart.setXAxisTitle(xTitle);
        chart.setYAxisTitle(yTitle);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
    }

    @Override
    public String heading() {
        return heading;
    }

    public Panel add(PlotMark mark) {
        layer.add(mark);
        return this;
    }

    /** The x axis from low to high with a little room, since XChart leaves out a tick at the very end. */
    public Panel xRange(double low, double high) {
        double room = X_PADDING * (high > low ? high - low : 1);
        xs = new double[] {low - room, Math.max(high, low + X_PADDING) + room};
        return this;
    }

    /** Ticks at whole numbers only, for epochs and steps: XChart widens its step until labels differ. */
    public Panel wholeX() {
        chart.getStyler().setXAxisDecimalPattern("#,##0");
        return this;
    }

    /** What the ticks of the x axis read, by their place. */
    public Panel xLabels(Function<Double, String> label) {
        chart.setCustomXAxisTickLabelsFormatter(label);
        return this;
    }

    /** No ticks between whole numbers, on an x axis that is long enough to do without. */
    public Panel wholeXTicks(int plotWidth) {
        double range = xs[1] - xs[0];
        if (range >= FEWEST_WHOLE) {
            // XChart takes the next of 1, 2, 5, 10 after what the hint makes of the width.
            chart.getStyler().setXAxisTickMarkSpacingHint((int) Math.max(USUAL_SPACING, 0.9 * plotWidth / range));
        }
        return this;
    }

    /** The x axis as named places 0, 1, 2... */
    public Panel categories(List<String> names) {
        categories = List.copyOf(names);
        xs = new double[] {-0.5, names.size() - 0.5};
        return this;
    }

    /** A y axis that holds every finite value with some room; {@code low} and {@code high} bound the room. */
    public Panel yRange(double[] values, double low, double high) {
        double[] range = padded(values);
        ys = new double[] {Math.max(low, range[0]), Math.min(high, range[1])};
        return this;
    }

    /** A logarithmic y axis from the power of ten below {@code low} to the one above {@code high}, both positive. */
    public Panel logY(double low, double high) {
        double first = Math.floor(Math.log10(low) + 1e-9);
        double last = Math.ceil(Math.log10(high) - 1e-9);
        // XChart leaves out a tick at the very end.
        ys = new double[] {0.9 * Math.pow(10, first), 1.1 * Math.pow(10, Math.max(last, first + 1))};
        logarithmic = true;
        chart.getStyler().setYAxisLogarithmic(true).setYAxisDecimalPattern("#,##0.######"); // and not 1E5
        return this;
    }

    /** Both axes from 0 to a little above the largest of these values. */
    public Panel fromZero(double largestX, double largestY) {
        xs = new double[] {0, (1 + PADDING) * largestX};
        ys = new double[] {0, (1 + PADDING) * largestY};
        return this;
    }

    /** A y axis without ticks, from 0 to {@code rows}, for charts that write their labels between the axes. */
    public Panel rows(int rows) {
        ys = new double[] {0, rows};
        chart.getStyler().setYAxisTicksVisible(false).setYAxisTitleVisible(false);
        chart.getStyler().setPlotGridHorizontalLinesVisible(false).setPlotGridVerticalLinesVisible(true);
        return this;
    }

    /** The range of the finite values with a margin; never empty. */
    public static double[] padded(double... values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (low > high) {
            return new double[] {0, 1};
        }
        double room = high > low ? PADDING * (high - low) : Math.max(Math.abs(high) * PADDING, 1e-3);
        return new double[] {low - room, high + room};
    }

    @Override
    public void paint(Graphics2D g, int width, int height) {
        if (chart.getSeriesMap().isEmpty()) {
            finish();
            if (!logarithmic) {
                evenDecimals(height);
            }
        }
        chart.paint(g, width, height);
    }

    private void finish() {
        chart.getStyler().setXAxisMin(xs[0]).setXAxisMax(xs[1]);
        chart.getStyler().setYAxisMin(ys[0]).setYAxisMax(ys[1]);
        double[] places = uneven(xs);
        if (!categories.isEmpty()) {
            // XChart sets ticks at the data's own places where these are evenly spaced.
            places = new double[2 * categories.size() + 1];
            for (int i = 0; i < places.length; i++) {
                places[i] = i / 2.0 - 0.5;
            }
            chart.getStyler().setXAxisTickMarksColor(ChartStyle.NONE);
            // It also drops labels where it has many: its own keep a line free, unseen, and the names are drawn here.
            chart.getStyler().setXAxisTickLabelsColor(ChartStyle.NONE);
            layer.add(Marks.placeNames(categories));
        }
        double[] heights = new double[places.length];
        double[] some = uneven(ys);
        for (int i = 0; i < heights.length; i++) {
            heights[i] = some[Math.min(i, some.length - 1)];
        }
        XYSeries extent = chart.addSeries("extent", places, heights);
        extent.setLineStyle(SeriesLines.NONE).setLineColor(ChartStyle.NONE);
        extent.setMarker(SeriesMarkers.NONE);
        if (logarithmic && ys[1] / ys[0] <= FEW_DECADES) {
            layer.add(Marks.heightNames(betweenPowers()));
        }
        layer.add(Marks.baseline());
        chart.addAnnotation(layer);
    }

    /** The twos and fives of a logarithmic axis, of which XChart labels the powers of ten alone. */
    private List<Double> betweenPowers() {
        List<Double> heights = new ArrayList<>();
        for (double power = Math.pow(10, Math.floor(Math.log10(ys[0]))); power < ys[1]; power *= 10) {
            double base = power;
            DoubleStream.of(2 * base, 5 * base)
                    .filter(height -> height > ys[0] && height < ys[1])
                    .forEach(heights::add);
        }
        return heights;
    }

    /** As many decimals for every tick as the step between two of them needs, which XChart would leave ragged. */
    private void evenDecimals(int height) {
        int ticks = Math.max(1, (height - AXIS) / chart.getStyler().getYAxisTickMarkSpacingHint());
        double step = (ys[1] - ys[0]) / ticks;
        double exponent = Math.floor(Math.log10(step));
        // XChart takes the next of 1, 2, 5, 10 and goes up to 10 from 7.5 on.
        int decimals = (int) -(step / Math.pow(10, exponent) > 7.5 ? exponent + 1 : exponent);
        if (decimals > 0) {
            chart.getStyler().setYAxisDecimalPattern("0." + "0".repeat(decimals));
        }
    }

    /** Three places that are not evenly spaced: with two, XChart would tick the two ends and nothing between. */
    private static double[] uneven(double[] range) {
        return new double[] {range[0], range[0] + 0.3 * (range[1] - range[0]), range[1]};
    }
}
