package replklab.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A finished chart: title, a line that says what is drawn, the legend above the data, and one part or several side by
 * side. Drawing it twice gives the same pixels.
 */
public final class Picture {
    /** Pixels a unit of the layout takes in {@link #image()}: sharp on dense screens and in print. */
    public static final int SCALE = 2;

    private static final int MARGIN = 14;
    private static final int LEGEND_LINE = 22;
    private static final int LEGEND_GAP = 16;
    private static final int HEADING = 24;
    private static final Font TITLE = ChartStyle.font(Font.BOLD, 16);
    private static final Font TEXT = ChartStyle.font(Font.PLAIN, 12.5);
    private static final Font HEADING_FONT = ChartStyle.font(Font.BOLD, 13);

    private final String title;
    private final String subtitle;
    private final List<LegendEntry> legend;
    private final List<PicturePart> parts;
    private final int width;
    private final int partHeight;

    /**
     * A chart of parts that share its width.
     *
     * @param subtitle what is drawn; may be empty
     * @param legend whose entries without a name are left out: what stands alone needs none
     * @param width of the whole
     * @param partHeight of each part without its heading
     */
    public Picture(
            String title,
            String subtitle,
            List<LegendEntry> legend,
            List<? extends PicturePart> parts,
            int width,
            int partHeight) {
        this.title = title;
        this.subtitle = subtitle;
        this.legend = legend.stream().filter(entry -> !entry.label().isEmpty()).toList();
        this.parts = List.copyOf(parts);
        this.width = width;
        this.partHeight = partHeight;
    }

    /** The title, which also serves as the text for readers who do not see the picture. */
    public String title() {
        return title;
    }

    /** What it shows, and what it leaves out, in small letters below the title. */
    public String subtitle() {
        int leftOut = parts.stream().mapToInt(PicturePart::leftOut).sum();
        if (leftOut == 0) {
            return subtitle;
        }
        String words = leftOut == 1
                ? "1 value is not a finite number and left out"
                : leftOut + " values are not finite numbers and left out";
        return subtitle.isEmpty() ? words : subtitle + (subtitle.endsWith(".") ? " " : ". ") + words;
    }

    /** The chart at {@link #SCALE} pixels a unit. */
    public BufferedImage image() {
        return image(SCALE);
    }

    /** The chart at {@code scale} pixels a unit; 1 for a live view, which is replaced every few seconds. */
    public synchronized BufferedImage image(int scale) {
        BufferedImage blank = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        Graphics2D ruler = blank.createGraphics();
        ChartStyle.prepare(ruler);
        ruler.setFont(TEXT);
        List<List<LegendEntry>> lines = legendLines(ruler);
        List<String> words = Words.lines(ruler, subtitle(), width - 2.0 * MARGIN);
        ruler.dispose();
        boolean headings = parts.stream().anyMatch(part -> !part.heading().isEmpty());
        int head = MARGIN + 20 + words.size() * 20 + lines.size() * LEGEND_LINE + 8;
        int height = head + (headings ? HEADING : 0) + partHeight;

        BufferedImage image = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.scale(scale, scale);
        ChartStyle.prepare(g);
        paintHead(g, words, lines);
        paintParts(g, head, headings);
        g.dispose();
        return image;
    }

    private void paintHead(Graphics2D g, List<String> words, List<List<LegendEntry>> lines) {
        int y = MARGIN + 14;
        g.setColor(ChartStyle.INK);
        g.setFont(TITLE);
        g.drawString(title, MARGIN, y);
        g.setFont(TEXT);
        g.setColor(ChartStyle.MUTED);
        for (String line : words) {
            y += 20;
            g.drawString(line, MARGIN, y);
        }
        y += 6;
        for (List<LegendEntry> line : lines) {
            y += LEGEND_LINE;
            double x = MARGIN;
            for (LegendEntry entry : line) {
                entry.paintSample(g, x, y - 4.5);
                g.setFont(TEXT);
                g.setColor(ChartStyle.INK);
                g.drawString(entry.label(), (float) x + LegendEntry.SAMPLE + 7, y);
                x += legendWidth(g, entry);
            }
        }
    }

    private void paintParts(Graphics2D g, int top, boolean headings) {
        AffineTransform origin = g.getTransform();
        int each = width / parts.size();
        for (int i = 0; i < parts.size(); i++) {
            int x = i * each;
            if (headings) {
                g.setFont(HEADING_FONT);
                g.setColor(ChartStyle.INK);
                g.drawString(parts.get(i).heading(), x + MARGIN, top + 18);
            }
            g.translate(x, top + (headings ? HEADING : 0));
            parts.get(i).paint(g, each, partHeight);
            g.setTransform(origin);
            ChartStyle.prepare(g);
        }
    }

    /** The legend, broken into lines as wide as the picture. */
    private List<List<LegendEntry>> legendLines(Graphics2D g) {
        List<List<LegendEntry>> lines = new ArrayList<>();
        double used = Double.POSITIVE_INFINITY;
        for (LegendEntry entry : legend) {
            double needed = legendWidth(g, entry);
            if (used + needed - LEGEND_GAP > width - MARGIN) {
                lines.add(new ArrayList<>());
                used = MARGIN;
            }
            lines.getLast().add(entry);
            used += needed;
        }
        return lines;
    }

    private static double legendWidth(Graphics2D g, LegendEntry entry) {
        return LegendEntry.SAMPLE
                + 7
                + g.getFontMetrics(TEXT).getStringBounds(entry.label(), g).getWidth()
                + LEGEND_GAP;
    }
}
