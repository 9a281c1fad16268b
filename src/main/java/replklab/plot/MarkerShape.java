package replklab.plot;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Shapes that tell series apart where colours cannot. */
public enum MarkerShape {
    CIRCLE,
    SQUARE,
    TRIANGLE,
    DIAMOND,
    INVERTED_TRIANGLE,
    PENTAGON;

    /** The shape around a point; all have about the area of a circle of the given diameter. */
    Shape at(double x, double y, double diameter) {
        double r = diameter / 2;
        return switch (this) {
            case CIRCLE -> new Ellipse2D.Double(x - r, y - r, diameter, diameter);
            case SQUARE -> new Rectangle2D.Double(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
            case TRIANGLE -> polygon(x, y, 1.3 * r, 3, -90);
            case DIAMOND -> polygon(x, y, 1.3 * r, 4, -90);
            case INVERTED_TRIANGLE -> polygon(x, y, 1.3 * r, 3, 90);
            case PENTAGON -> polygon(x, y, 1.12 * r, 5, -90);
        };
    }

    private static Shape polygon(double x, double y, double r, int corners, double firstDegrees) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < corners; i++) {
            double angle = Math.toRadians(firstDegrees + 360.0 * i / corners);
            double px = x + r * Math.cos(angle);
            double py = y + r * Math.sin(angle);
            if (i == 0) {
                path.moveTo(px, py);
            } else {
                path.lineTo(px, py);
            }
        }
        path.closePath();
        return path;
    }
}
