package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The expected values are Pillow 13.0's, of the same 13x9 image:
 *
 * <pre>{@code
 * im = Image.new('RGB', (13, 9)); px = im.load()
 * for y in range(9):
 *     for x in range(13): px[x, y] = ((x*37 + y*59 + x*y*11) % 256, (x*19) % 256, (y*28) % 256)
 * im.resize((5, 4), Image.BICUBIC)
 * im.resize((16, 11), Image.BICUBIC).crop((0, 0, 3, 3))
 * im.resize((4, 3), Image.BICUBIC, box=(2.5, 1.25, 10.5, 7.25))
 * }</pre>
 */
class ResamplerTest {
    private static final RgbImage IMAGE = image();

    private static RgbImage image() {
        byte[] samples = new byte[13 * 9 * 3];
        for (int y = 0; y < 9; y++) {
            for (int x = 0; x < 13; x++) {
                int at = (y * 13 + x) * 3;
                samples[at] = (byte) (x * 37 + y * 59 + x * y * 11);
                samples[at + 1] = (byte) (x * 19);
                samples[at + 2] = (byte) (y * 28);
            }
        }
        return new RgbImage(13, 9, samples);
    }

    @Test
    void shrinksLikePillow() {
        assertPixels(
                Resampler.resample(IMAGE, new Resampler.Box(0, 0, 13, 9), 5, 4),
                new int[] {
                    86, 155, 125, 115, 128, 168, 127, 116, 127, 158, 124, 152, 140, 91, 112, 125, 158, 138, 102, 134
                },
                new int[] {16, 64, 114, 164, 212},
                new int[] {19, 79, 145, 205});
    }

    @Test
    void resizesAFractionalBoxLikePillow() {
        assertPixels(
                Resampler.resample(IMAGE, new Resampler.Box(2.5, 1.25, 8, 6), 4, 3),
                new int[] {145, 127, 114, 141, 135, 121, 120, 113, 150, 173, 109, 81},
                new int[] {57, 95, 133, 171},
                new int[] {46, 105, 163});
    }

    @Test
    void enlargesLikePillow() {
        RgbImage all = Resampler.resample(IMAGE, new Resampler.Box(0, 0, 13, 9), 16, 11);
        int[] red = {0, 22, 54, 39, 70, 108, 89, 126, 194};
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 3; x++) {
                assertThat(all.samples()[(y * 16 + x) * 3] & 0xFF).isEqualTo(red[y * 3 + x]);
            }
        }
    }

    @Test
    void sameSizeIsTheImageItself() {
        RgbImage same = Resampler.resample(IMAGE, new Resampler.Box(0, 0, 13, 9), 13, 9);
        assertThat(same.samples()).isEqualTo(IMAGE.samples());
    }

    @Test
    void aCropIsTheSamePartOfTheWhole() {
        RgbImage whole = Resampler.resample(IMAGE, new Resampler.Box(0, 0, 13, 9), 16, 11);
        RgbImage part = Resampler.resampleAndCrop(IMAGE, 16, 11, 5, 2, 7);
        assertThat(part.width()).isEqualTo(7);
        assertThat(part.height()).isEqualTo(7);
        for (int y = 0; y < 7; y++) {
            for (int i = 0; i < 7 * 3; i++) {
                assertThat(part.samples()[y * 7 * 3 + i]).isEqualTo(whole.samples()[((y + 2) * 16 + 5) * 3 + i]);
            }
        }
    }

    /** Red as given; green depends on the column alone, blue on the row. */
    private static void assertPixels(RgbImage image, int[] red, int[] green, int[] blue) {
        byte[] found = image.samples();
        assertThat(found).hasSize(red.length * 3);
        for (int i = 0; i < red.length; i++) {
            assertThat(found[i * 3] & 0xFF).as("red %d", i).isEqualTo(red[i]);
            assertThat(found[i * 3 + 1] & 0xFF).as("green %d", i).isEqualTo(green[i % green.length]);
            assertThat(found[i * 3 + 2] & 0xFF).as("blue %d", i).isEqualTo(blue[i / green.length]);
        }
    }
}
