package replklab.plot;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;

/** Text in the font that is set. */
public final class Words {
    private Words() {}

    /** Its width in pixels. */
    public static double width(Graphics2D g, String text) {
        return g.getFontMetrics().getStringBounds(text, g).getWidth();
    }

    /** Writes it from x on. */
    public static void left(Graphics2D g, String text, double x, double base) {
        g.drawString(text, (float) x, (float) base);
    }

    /** Writes it around x. */
    public static void centred(Graphics2D g, String text, double x, double base) {
        left(g, text, x - width(g, text) / 2, base);
    }

    /** Writes it up to x. */
    public static void right(Graphics2D g, String text, double x, double base) {
        left(g, text, x - width(g, text), base);
    }

    /** Writes it from below to above, around y, in smaller letters where there is no room. */
    public static void upright(Graphics2D g, String text, double base, double y, double room) {
        var turned = g.getTransform();
        var font = g.getFont();
        g.setFont(font.deriveFont((float) (font.getSize2D() * Math.min(1, room / width(g, text)))));
        g.translate(base, y);
        g.rotate(-Math.PI / 2);
        centred(g, text, 0, 0);
        g.setFont(font);
        g.setTransform(turned);
    }

    /** The text as far as there is room. */
    public static String fitting(Graphics2D g, String text, double room) {
        String shown = text;
        while (shown.length() > 2 && width(g, shown) > room) {
            shown = shown.substring(0, shown.length() - 2) + "…";
        }
        return shown;
    }

    /** The text broken into lines between words. */
    static List<String> lines(Graphics2D g, String text, double room) {
        List<String> lines = new ArrayList<>();
        if (text.isEmpty()) {
            return lines;
        }
        for (String word : text.split(" ")) {
            if (!lines.isEmpty() && width(g, lines.getLast() + " " + word) <= room) {
                lines.set(lines.size() - 1, lines.getLast() + " " + word);
            } else {
                lines.add(word);
            }
        }
        return lines;
    }
}
