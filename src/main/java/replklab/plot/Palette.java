package replklab.plot;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pictures with at most 256 colours, whose PNG files are less than half as large. A chart has a few colours, and many mixtures
 * of them along its edges: near mixtures become one.
 */
final class Palette {
    private static final int COLOURS = 256;

    /** No channel of a pixel may move by as much as this, of 255: beyond, edges and bands begin to show. */
    private static final int MOST = 28;

    private Palette() {}

    /** The picture with indexed colours, or as it is if that would be seen. */
    static BufferedImage reduced(BufferedImage image) {
        if (image.getColorModel().hasAlpha() || image.getColorModel() instanceof IndexColorModel) {
            return image;
        }
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        List<Integer> colours = byFrequency(pixels);
        for (int step = 1; step <= MOST; step++) {
            Map<Integer, Integer> cells = new HashMap<>(); // cell to index
            int[] palette = new int[COLOURS];
            for (int colour : colours) {
                int next = cells.size();
                if (cells.putIfAbsent(cell(colour, step), next) == null && next < COLOURS) {
                    palette[next] = colour; // the most frequent one of the cell: areas keep their exact colour
                }
            }
            if (cells.size() <= COLOURS) {
                return indexed(image, pixels, palette, cells, step);
            }
        }
        return image;
    }

    /** The cube of side {@code step} in which a colour lies. */
    private static int cell(int colour, int step) {
        int red = (colour >> 16 & 255) / step;
        int green = (colour >> 8 & 255) / step;
        int blue = (colour & 255) / step;
        return red << 16 | green << 8 | blue;
    }

    private static List<Integer> byFrequency(int[] pixels) {
        int[] sorted = pixels.clone();
        Arrays.sort(sorted);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int from = 0, to = 0; from < sorted.length; from = to) {
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            counts.put(sorted[from], to - from);
        }
        return counts.keySet().stream()
                .sorted(Comparator.<Integer>comparingInt(counts::get).reversed().thenComparing(colour -> colour))
                .toList();
    }

    private static BufferedImage indexed(
            BufferedImage image, int[] pixels, int[] palette, Map<Integer, Integer> cells, int step) {
        IndexColorModel model = new IndexColorModel(8, COLOURS, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage result =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        int[] indices = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            indices[i] = i > 0 && pixels[i] == pixels[i - 1] ? indices[i - 1] : cells.get(cell(pixels[i], step));
        }
        result.getRaster().setPixels(0, 0, image.getWidth(), image.getHeight(), indices);
        return result;
    }
}
