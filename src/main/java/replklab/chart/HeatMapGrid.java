package replklab.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import replklab.base.UsageException;
import replklab.plot.ChartStyle;
import replklab.plot.ColorRamp;
import replklab.plot.Picture;
import replklab.plot.PicturePart;
import replklab.plot.Words;
import replklab.stats.Numbers;

/** Heat maps in rows and columns beside the one colour bar that is true of all. See {@link Charts#heatMaps}. */
final class HeatMapGrid implements PicturePart {
    private static final int MARGIN = 14;
    private static final int GAP = 18;
    private static final int WORDS = 40;
    private static final int BAR = 14;
    /** From the maps over the colour bar to the picture's edge. */
    private static final int BAR_ROOM = 104;

    private static final int LEAST_WIDTH = 720;
    /** Sides of a map in a grid of one to four columns, and of more. */
    private static final int[] SIDES = {420, 330, 260, 220};

    /** A grey that the ramp does not have. */
    private static final int NO_VALUE = 0xB4B4B4;

    private static final Color FRAME = ChartStyle.series(4).color();
    private static final Font HEADING = ChartStyle.font(Font.BOLD, 12.5);
    private static final Font SMALL = ChartStyle.font(Font.PLAIN, 12);

    private final List<HeatMap> maps;
    private final int columns;
    private final int side;
    private final String scale;

    private HeatMapGrid(List<HeatMap> maps, int columns, String scale) {
        this.maps = List.copyOf(maps);
        this.columns = columns;
        this.side = SIDES[Math.min(columns, SIDES.length) - 1];
        this.scale = scale;
    }

    static Picture draw(String title, String subtitle, List<HeatMap> maps, int columns, String scale) {
        if (maps.isEmpty() || columns < 1) {
            throw new UsageException(
                    maps.size() + " heat maps in " + columns + " columns: there must be at least one of each");
        }
        HeatMapGrid grid = new HeatMapGrid(maps, Math.min(columns, maps.size()), scale);
        int rows = Math.ceilDiv(maps.size(), grid.columns);
        int width = 2 * MARGIN + grid.columns * (grid.side + GAP) + BAR_ROOM;
        int height = rows * (WORDS + grid.side + GAP) + MARGIN;
        return new Picture(title, subtitle, List.of(), List.of(grid), Math.max(LEAST_WIDTH, width), height);
    }

    @Override
    public int leftOut() {
        return maps.stream().mapToInt(HeatMap::undrawn).sum();
    }

    @Override
    public void paint(Graphics2D g, int width, int height) {
        for (int i = 0; i < maps.size(); i++) {
            int x = MARGIN + i % columns * (side + GAP);
            int y = i / columns * (WORDS + side + GAP);
            paint(g, maps.get(i), x, y);
        }
        paintBar(g, MARGIN + columns * (side + GAP) + 6);
    }

    private void paint(Graphics2D g, HeatMap map, int x, int y) {
        g.setColor(ChartStyle.INK);
        g.setFont(HEADING);
        g.drawString(Words.fitting(g, map.heading(), side + GAP / 2), x, y + 14);
        g.setColor(ChartStyle.MUTED);
        g.setFont(SMALL);
        g.drawString(Words.fitting(g, map.note(), side + GAP / 2), x, y + 30);
        // Of an image that is not square, the longer side fills its place.
        double pixel = (double) side / Math.max(map.rows(), map.columns());
        Rectangle2D place = new Rectangle2D.Double(x, y + WORDS, pixel * map.columns(), pixel * map.rows());
        paintValues(g, map, place);
        g.setColor(ChartStyle.GRID);
        g.setStroke(ChartStyle.stroke(1));
        g.draw(place);
        map.frame().ifPresent(frame -> {
            double top = map.rows() / 2 - (frame.height() - 1) / 2;
            double left = map.columns() / 2 - (frame.width() - 1) / 2;
            g.setColor(FRAME);
            g.setStroke(ChartStyle.stroke(1.6));
            g.draw(new Rectangle2D.Double(
                            place.getX() + pixel * left,
                            place.getY() + pixel * top,
                            pixel * frame.width(),
                            pixel * frame.height())
                    .createIntersection(place));
        });
    }

    /** Where there are more numbers than places in the layout, means of neighbours: noise would hide what is drawn. */
    private void paintValues(Graphics2D g, HeatMap map, Rectangle2D place) {
        int cell = Math.ceilDiv(Math.max(map.rows(), map.columns()), side);
        int rows = Math.ceilDiv(map.rows(), cell);
        int cols = Math.ceilDiv(map.columns(), cell);
        BufferedImage image = new BufferedImage(cols, rows, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                double mean = mean(map, row * cell, col * cell, cell);
                image.setRGB(col, row, Double.isNaN(mean) ? NO_VALUE : ColorRamp.rgb(mean));
            }
        }
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        g.drawImage(
                image,
                (int) place.getX(),
                (int) place.getY(),
                (int) Math.round(place.getWidth()),
                (int) Math.round(place.getHeight()),
                null);
    }

    /** NaN where there is no finite value. */
    private static double mean(HeatMap map, int top, int left, int cell) {
        double sum = 0;
        int count = 0;
        for (int row = top; row < Math.min(top + cell, map.rows()); row++) {
            for (int col = left; col < Math.min(left + cell, map.columns()); col++) {
                double value = map.values()[row][col];
                if (Double.isFinite(value)) {
                    sum += value;
                    count++;
                }
            }
        }
        return sum / count;
    }

    private void paintBar(Graphics2D g, int x) {
        int top = WORDS;
        for (int i = 0; i < side * Picture.SCALE; i++) {
            g.setColor(ColorRamp.at(1 - (i + 0.5) / (side * Picture.SCALE)));
            g.fill(new Rectangle2D.Double(x, top + (double) i / Picture.SCALE, BAR, 1.0 / Picture.SCALE));
        }
        g.setColor(ChartStyle.GRID);
        g.setStroke(ChartStyle.stroke(1));
        g.draw(new Rectangle2D.Double(x, top, BAR, side));
        g.setFont(SMALL);
        g.setColor(ChartStyle.INK);
        for (double tick : new double[] {0, 0.25, 0.5, 0.75, 1}) {
            g.drawString(Numbers.upTo(tick, 2), x + BAR + 6, (float) (top + (1 - tick) * side + 4));
        }
        g.setColor(ChartStyle.MUTED);
        Words.upright(g, scale, x + BAR + 52.0, top + side / 2.0, side);
    }
}
