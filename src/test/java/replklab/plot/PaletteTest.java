package replklab.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PaletteTest {
    private static BufferedImage blank(int side) {
        return new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    }

    @Test
    void fewColoursStayExact() throws IOException {
        BufferedImage image = blank(16);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, new Color(i, 255 - i, i / 2).getRGB());
        }
        BufferedImage reduced = Palette.reduced(image);
        assertThat(reduced.getColorModel()).isInstanceOf(IndexColorModel.class);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(PngFile.bytes(image, Map.of("text", "kept"))));
        for (int i = 0; i < 256; i++) {
            assertThat(read.getRGB(i % 16, i / 16)).isEqualTo(image.getRGB(i % 16, i / 16));
        }
    }

    @Test
    void aChartsMixturesMoveALittleAndItsAreasNot() {
        BufferedImage image = blank(400);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, 400, 400);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 30; i++) {
            g.setColor(new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256), 128));
            g.drawLine(random.nextInt(400), random.nextInt(400), random.nextInt(400), random.nextInt(400));
        }
        g.dispose();
        BufferedImage reduced = Palette.reduced(image);
        assertThat(reduced.getColorModel()).isInstanceOf(IndexColorModel.class);
        for (int i = 0; i < 400 * 400; i++) {
            Color was = new Color(image.getRGB(i % 400, i / 400));
            Color is = new Color(reduced.getRGB(i % 400, i / 400));
            assertThat(Math.abs(was.getRed() - is.getRed())).isLessThan(28);
            assertThat(Math.abs(was.getGreen() - is.getGreen())).isLessThan(28);
            assertThat(Math.abs(was.getBlue() - is.getBlue())).isLessThan(28);
            if (was.equals(Color.WHITE)) {
                assertThat(is).isEqualTo(Color.WHITE);
            }
        }
    }

    @Test
    void photographsStayAsTheyAre() {
        BufferedImage image = blank(64);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
        }
        assertThat(Palette.reduced(image)).isSameAs(image);
    }
}
