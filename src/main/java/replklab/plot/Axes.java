package replklab.plot;

import java.awt.geom.Rectangle2D;

/** Where data lie on the picture: pixels before scaling, y growing downwards. */
interface Axes {
    double x(double value);

    double y(double value);

    /** The area between the axes. */
    Rectangle2D plot();
}
