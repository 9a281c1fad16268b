package replklab.plot;

import java.awt.Graphics2D;

/** What a {@link Picture} shows below its title; parts stand side by side. */
public interface PicturePart {
    /** Words above it; may be empty. */
    String heading();

    /** Paints it with its upper left corner at the origin of {@code g}. */
    void paint(Graphics2D g, int width, int height);
}
