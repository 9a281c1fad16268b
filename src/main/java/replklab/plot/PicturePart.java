package replklab.plot;

import java.awt.Graphics2D;

/** What a {@link Picture} shows below its title; parts stand side by side. */
public interface PicturePart {
    /** Words above it; may be empty. */
    default String heading() {
        return "";
    }

    /** How many of the values that it was given it cannot draw. */
    default int leftOut() {
        return 0;
    }

    /** Paints it with its upper left corner at the origin of {@code g}. */
    void paint(Graphics2D g, int width, int height);
}
