package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GeometryTest {
    private static final ImageShape SHAPE = new ImageShape(2, 3, 2);
    /** Two rows of three pixels of two channels: ab cd ef / gh ij kl. */
    private static final float[] IMAGE = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

    private static final float[] OUTSIDE = {-1, -2};

    @Test
    void flipMirrorsPixelsAndKeepsChannels() {
        assertThat(apply(new Geometry(0, 0, true), IMAGE)).containsExactly(5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8);
    }

    @Test
    void flipTwiceIsTheImage() {
        var flip = new Geometry(0, 0, true);
        assertThat(apply(flip, apply(flip, IMAGE))).isEqualTo(IMAGE);
    }

    @Test
    void shiftFillsWithTheOutside() {
        assertThat(apply(new Geometry(1, -1, false), IMAGE))
                .containsExactly(-1, -2, 7, 8, 9, 10, -1, -2, -1, -2, -1, -2);
    }

    @Test
    void flipMirrorsTheCrop() {
        float[] crop = apply(new Geometry(1, -1, false), IMAGE);
        assertThat(apply(new Geometry(1, -1, true), IMAGE)).isEqualTo(apply(new Geometry(0, 0, true), crop));
    }

    @Test
    void paddingZeroIsTheIdentity() {
        Geometry drawn = Geometry.draw(Augmentation.NONE, new SplittableRandom(1));
        assertThat(drawn.isIdentity()).isTrue();
        assertThat(apply(drawn, IMAGE)).isEqualTo(IMAGE);
    }

    @Test
    void drawsEveryShiftWithinThePaddingAndNoOther() {
        var random = new SplittableRandom(2);
        var augmentation = new Augmentation(2, 0.5, 0, 0, 0);
        Set<Geometry> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Geometry drawn = Geometry.draw(augmentation, random);
            assertThat(drawn.down()).isBetween(-2, 2);
            assertThat(drawn.right()).isBetween(-2, 2);
            seen.add(drawn);
        }
        assertThat(seen).hasSize(5 * 5 * 2);
    }

    private static float[] apply(Geometry geometry, float[] image) {
        float[] into = new float[image.length + 2];
        geometry.apply(image, into, 1, SHAPE, OUTSIDE);
        assertThat(into[0]).isZero();
        assertThat(into[into.length - 1]).isZero();
        return Arrays.copyOfRange(into, 1, into.length - 1);
    }
}
