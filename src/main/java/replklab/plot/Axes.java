package replklab.plot;

import java.awt.geom.Rectangle2D;

/**
 * Where data lie on the picture: pixels before scaling, y growing downwards.
 *
 * @param across the axis along the lower edge
 * @param up the axis along the left edge
 * @param plot the area between them
 */
public record Axes(Axis across, Axis up, Rectangle2D plot) {
    /** The pixel of a value across; not finite where the axis has no place for it. */
    public double x(double value) {
        return plot.getMinX() + across.along(value) * plot.getWidth();
    }

    /** The pixel of a value up; not finite where the axis has no place for it. */
    public double y(double value) {
        return plot.getMaxY() - up.along(value) * plot.getHeight();
    }

    /** Whether a point has a place: both of its numbers are finite, and above zero where an axis is logarithmic. */
    public boolean hold(double x, double y) {
        return Double.isFinite(x(x)) && Double.isFinite(y(y));
    }
}
