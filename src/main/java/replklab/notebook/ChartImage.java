package replklab.notebook;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.Map;
import org.knowm.xchart.internal.chartpart.Chart;
import replklab.plot.ChartStyle;
import replklab.plot.PngFile;

/**
 * An XChart chart as a picture of twice its size in pixels, so that it is sharp on today's screens. Infinities, which XChart does not
 * draw, are left out, and the picture says so.
 */
public final class ChartImage {
    private static final int SCALE = 2;
    private static final Font NOTE = ChartStyle.font(Font.PLAIN, 9);

    private ChartImage() {}

    /** The chart's PNG file, twice as wide and high as the chart says it is. */
    public static byte[] png(Chart<?, ?> chart) {
        int width = chart.getWidth();
        int height = chart.getHeight();
        BufferedImage image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try (HiddenInfinities hidden = new HiddenInfinities(chart.getSeriesMap().values())) {
            graphics.scale(SCALE, SCALE);
            chart.paint(graphics, width, height);
            graphics.setFont(NOTE);
            graphics.setColor(ChartStyle.MUTED);
            graphics.drawString(hidden.words(), NOTE.getSize() / 2, NOTE.getSize());
        } finally {
            graphics.dispose();
        }
        return PngFile.bytes(image, Map.of());
    }

    static String base64(Chart<?, ?> chart) {
        return Base64.getEncoder().encodeToString(png(chart));
    }

    /** The size at which a notebook shows the picture: the chart's own. */
    static Map<String, Integer> displaySize(Chart<?, ?> chart) {
        return Map.of("width", chart.getWidth(), "height", chart.getHeight());
    }

    static String describe(Chart<?, ?> chart) {
        return "%s '%s', series: %s"
                .formatted(
                        chart.getClass().getSimpleName(),
                        chart.getTitle(),
                        String.join(", ", chart.getSeriesMap().keySet()));
    }
}
