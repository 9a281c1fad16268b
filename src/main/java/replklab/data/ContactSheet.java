package replklab.data;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import replklab.base.UsageException;

/**
 * Some images of a data set in one picture, each with its class; of a {@link DenseDataset} also the labels of the pixels, as
 * colours, and what they mean. Images of other than 1 or 3 channels show their first three, or the first alone.
 */
public final class ContactSheet {
    private static final int GAP = 8;
    private static final int LINE = 18;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Color INK = new Color(0x222222);
    private static final Color WRONG = new Color(0xC85200); // which the colour-blind tell from ink

    private final ImageDataset dataset;
    private final DenseDataset dense; // or null
    private final int columns;
    private final int rows;
    private final int side;
    private final int[] examples;
    private final List<Answer> answers; // none, or one an example

    /**
     * What a network said to an image.
     *
     * @param text in a few words, or empty
     * @param right whether it is what the data set says; what is not is framed
     * @param pixels a label a pixel, or none where it did not label them
     */
    public record Answer(String text, boolean right, byte[] pixels) {}

    private ContactSheet(
            ImageDataset dataset, DenseDataset dense, int columns, int side, int[] examples, List<Answer> answers) {
        this.dataset = dataset;
        this.dense = dense;
        this.columns = columns;
        this.rows = Math.ceilDiv(examples.length, columns);
        this.side = side;
        this.examples = examples;
        this.answers = answers;
    }

    /**
     * Draws images from all over the data set, evenly apart.
     *
     * @param side of an image in the picture, in pixels
     */
    public static BufferedImage draw(ImageDataset dataset, int columns, int rows, int side) {
        if (columns < 1 || rows < 1 || side < 1 || columns * rows > dataset.size()) {
            throw new UsageException(
                    "a sheet of %d by %d images of %d pixels: all must be positive, and there are %d images"
                            .formatted(columns, rows, side, dataset.size()));
        }
        DenseDataset dense = dataset instanceof DenseDataset labelled ? labelled : null;
        return new ContactSheet(dataset, dense, columns, side, spread(dataset, columns * rows), List.of()).draw();
    }

    /**
     * Draws images with what a network said to them.
     *
     * @param examples which
     * @param answers one an example
     * @param columns images side by side
     * @param side of an image in the picture, in pixels
     */
    public static BufferedImage draw(
            ImageDataset dataset, int[] examples, List<Answer> answers, int columns, int side) {
        boolean labelled = answers.getFirst().pixels().length > 0;
        DenseDataset dense = labelled && dataset instanceof DenseDataset pixels ? pixels : null;
        return new ContactSheet(dataset, dense, columns, side, examples, answers).draw();
    }

    /** So many examples from all over the data set, evenly apart. */
    public static int[] spread(ImageDataset dataset, int count) {
        return IntStream.range(0, count)
                .map(i -> Math.toIntExact((long) i * dataset.size() / count))
                .toArray();
    }

    private BufferedImage draw() {
        int maps = dense == null ? 0 : answers.isEmpty() ? 1 : 2;
        int lines = answers.isEmpty() ? 1 : 2;
        int cellHeight = lines * LINE + side + maps * (side + 2) + GAP;
        int width = GAP + columns * (side + GAP);
        List<String> names = dense == null ? List.of() : dense.pixelClasses();
        int legendColumns = Math.max(1, width / 110);
        int legend = Math.ceilDiv(names.size(), legendColumns) * LINE;
        BufferedImage sheet =
                new BufferedImage(width, GAP + rows * cellHeight + legend + GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        g.setFont(FONT);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        for (int i = 0; i < examples.length; i++) {
            int x = GAP + i % columns * (side + GAP);
            int y = GAP + i / columns * cellHeight;
            drawExample(g, examples[i], x, y, (lines - 1) * LINE);
            if (!answers.isEmpty()) {
                drawAnswer(g, answers.get(i), x, y);
            }
        }
        for (int c = 0; c < names.size(); c++) {
            int x = GAP + c % legendColumns * 110;
            int y = GAP + rows * cellHeight + c / legendColumns * LINE;
            g.setColor(new Color(color(c)));
            g.fillRect(x, y + 3, 12, 12);
            g.setColor(INK);
            g.drawRect(x, y + 3, 12, 12);
            g.drawString(names.get(c), x + 17, y + 13);
        }
        g.dispose();
        return sheet;
    }

    private void drawExample(Graphics2D g, int example, int x, int y, int below) {
        g.setColor(INK);
        write(g, dataset.classes().get(dataset.label(example)), x, y + 13);
        g.drawImage(enlarged(picture(example)), x, y + LINE + below, null);
        if (dense != null) {
            g.drawImage(enlarged(labels(example)), x, y + LINE + below + side + 2, null);
        }
    }

    private void drawAnswer(Graphics2D g, Answer answer, int x, int y) {
        g.setColor(answer.right() ? INK : WRONG);
        write(g, answer.text(), x, y + LINE + 11);
        if (!answer.right()) {
            for (int frame = 1; frame <= 3; frame++) {
                g.drawRect(x - frame, y + 2 * LINE - frame, side - 1 + 2 * frame, side - 1 + 2 * frame);
            }
        }
        if (dense != null) {
            BufferedImage map = image(dense.shape(), pixel -> color(answer.pixels()[pixel] & 0xFF));
            g.drawImage(enlarged(map), x, y + 2 * LINE + 2 * (side + 2), null);
        }
    }

    /** Writes no further than to the next image. */
    private void write(Graphics2D g, String text, int x, int y) {
        Shape before = g.getClip();
        g.clipRect(x, y - LINE, side + GAP - 2, 2 * LINE);
        g.drawString(text, x, y);
        g.setClip(before);
    }

    private BufferedImage picture(int example) {
        ImageShape shape = dataset.shape();
        float[] values = new float[shape.values()];
        dataset.read(example, values, 0);
        Normalization normalization = dataset.info().normalization();
        int channels = shape.channels();
        return image(shape, pixel -> {
            int red = normalization.sample(values[pixel * channels], 0);
            int green = channels < 3 ? red : normalization.sample(values[pixel * channels + 1], 1);
            int blue = channels < 3 ? red : normalization.sample(values[pixel * channels + 2], 2);
            return red << 16 | green << 8 | blue;
        });
    }

    private BufferedImage labels(int example) {
        byte[] labels = new byte[dense.shape().pixels()];
        dense.readLabels(example, labels, 0);
        return image(dense.shape(), pixel -> color(labels[pixel] & 0xFF));
    }

    /** What colour a pixel has. */
    @FunctionalInterface
    private interface Painter {
        int color(int pixel);
    }

    private static BufferedImage image(ImageShape shape, Painter painter) {
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, shape.pixels())
                .forEach(pixel -> image.setRGB(pixel % shape.width(), pixel / shape.width(), painter.color(pixel)));
        return image;
    }

    /** Pixels stay squares: a data set's pixels are what one wants to see. */
    private BufferedImage enlarged(BufferedImage image) {
        BufferedImage large = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            int x = i % side;
            int y = i / side;
            large.setRGB(x, y, image.getRGB(x * image.getWidth() / side, y * image.getHeight() / side));
        }
        return large;
    }

    /** Colours that the colour-blind tell apart (Tableau's ten) after black, then hues; white does not count. */
    private static int color(int label) {
        int[] first = {
            0x101010, 0x006BA4, 0xFF800E, 0xABABAB, 0x595959, 0x5F9ED1, 0xC85200, 0x898989, 0xA2C8EC, 0xFFBC79, 0xCFCFCF
        };
        if (label == DenseDataset.IGNORED) {
            return 0xFFFFFF;
        }
        return label < first.length
                ? first[label]
                : Color.HSBtoRGB(label * 0.618034f, 0.45f + 0.25f * (label % 3), 0.85f) & 0xFFFFFF;
    }
}
