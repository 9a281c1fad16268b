package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomErasingTest {
    @ParameterizedTest
    @CsvSource({"28, 28", "32, 96", "224, 224"})
    void rectanglesLieInsideWithTwoToThirtyThreePerCentOfTheArea(int height, int width) {
        var shape = new ImageShape(height, width, 3);
        var random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            RandomErasing erasing = RandomErasing.draw(shape, random).orElseThrow();
            assertThat((double) erasing.height() * erasing.width() / shape.pixels())
                    .isBetween(RandomErasing.MIN_AREA, RandomErasing.MAX_AREA);
            assertThat(erasing.top()).isBetween(0, height - erasing.height());
            assertThat(erasing.left()).isBetween(0, width - erasing.width());
            // the aspect's bounds hold before rounding to whole pixels
            assertThat((erasing.height() + 0.5) / (erasing.width() - 0.5)).isGreaterThan(RandomErasing.MIN_ASPECT);
            assertThat((erasing.height() - 0.5) / (erasing.width() + 0.5)).isLessThan(RandomErasing.MAX_ASPECT);
        }
    }

    @Test
    void anImageOfOnePixelHasNoRectangle() {
        assertThat(RandomErasing.draw(new ImageShape(1, 1, 1), new SplittableRandom(4)))
                .isEmpty();
    }

    @Test
    void fillsTheRectangleAndNothingElseWithUnitNoise() {
        var shape = new ImageShape(40, 50, 2);
        var erasing = new RandomErasing(5, 7, 30, 40);
        float[] images = new float[shape.values() + 10];
        erasing.apply(images, 10, shape, new SplittableRandom(5));
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < images.length; i++) {
            int pixel = (i - 10) / 2;
            boolean inside = i >= 10 && pixel / 50 >= 5 && pixel / 50 < 35 && pixel % 50 >= 7 && pixel % 50 < 47;
            assertThat(images[i] != 0).isEqualTo(inside);
            sum += images[i];
            squares += images[i] * images[i];
        }
        assertThat(sum / 2400).isEqualTo(0, within(0.1));
        assertThat(squares / 2400).isEqualTo(1, within(0.1));
    }
}
