package replklab.plot;

import java.awt.Graphics2D;

/** Something drawn between the axes, in the coordinates of the data. */
@FunctionalInterface
public interface PlotMark {
    /** Paints it; points for which the axes have no place are left out. */
    void paint(Graphics2D g, Axes axes);

    /** The mark some pixels further right, so that marks of one place stand side by side. */
    default PlotMark shifted(double pixels) {
        return (g, axes) -> {
            g.translate(pixels, 0);
            paint(g, axes);
            g.translate(-pixels, 0);
        };
    }
}
