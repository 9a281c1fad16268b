package replklab.plot;

import java.awt.Graphics2D;

/** Something drawn between the axes, in the coordinates of the data. */
@FunctionalInterface
public interface PlotMark {
    void paint(Graphics2D g, Axes axes);
}
