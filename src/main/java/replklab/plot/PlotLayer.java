package replklab.plot;

import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.internal.chartpart.Annotation;

/**
 * Draws {@link PlotMark}s over an XChart chart, which brings axes, ticks and grid. XChart's own series start their dashes
 * anew at every point, know one marker size a chart and no horizontal intervals.
 */
final class PlotLayer extends Annotation implements Axes {
    private final List<PlotMark> marks = new ArrayList<>();

    PlotLayer() {
        super(false);
    }

    void add(PlotMark mark) {
        marks.add(mark);
    }

    @Override
    public void paint(Graphics2D g) {
        Shape clip = g.getClip();
        Stroke stroke = g.getStroke();
        ChartStyle.prepare(g);
        Rectangle2D plot = plot();
        // A marker at the edge of the range is drawn whole, and names along the axes are.
        double margin = ChartStyle.MARKER;
        g.clip(new Rectangle2D.Double(
                plot.getX() - Marks.HEIGHTS,
                plot.getY() - margin,
                plot.getWidth() + Marks.HEIGHTS + margin,
                plot.getHeight() + margin + Marks.NAMES));
        marks.forEach(mark -> mark.paint(g, this));
        g.setClip(clip);
        g.setStroke(stroke);
        bounds = plot;
    }

    @Override
    public double x(double value) {
        return chart.getScreenXFromChart(value);
    }

    @Override
    public double y(double value) {
        return chart.getScreenYFromChart(value);
    }

    @Override
    public Rectangle2D plot() {
        Rectangle2D plot = new Rectangle2D.Double();
        plot.setFrameFromDiagonal(
                getXAxisScreenValueForMin(),
                getYAxisScreenValueForMin(),
                getXAxisScreenValueForMax(),
                getYAxisScreenValueForMax());
        return plot;
    }
}
