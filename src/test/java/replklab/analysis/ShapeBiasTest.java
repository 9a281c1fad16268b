package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import replklab.base.UsageException;

/** Decisions counted by hand. */
class ShapeBiasTest {
    private static final int[] EACH_ITS_OWN = {0, 1, 2};

    @Test
    void countsDecisionsForEitherCue() {
        double[][] probabilities = {
            {0.8, 0.1, 0.1}, // the shape
            {0.1, 0.7, 0.2}, // the texture
            {0.2, 0.2, 0.6}, // neither
            {0.5, 0.3, 0.2}, // the shape
        };
        ShapeBias bias = ShapeBias.of(probabilities, EACH_ITS_OWN, new int[] {0, 0, 0, 0}, new int[] {1, 1, 1, 2});
        assertThat(bias).isEqualTo(new ShapeBias(4, 2, 1));
        assertThat(bias.bias()).isEqualTo(2.0 / 3);
    }

    @Test
    void imagesWhoseCuesAgreeDoNotCount() {
        double[][] probabilities = {{0.8, 0.1, 0.1}, {0.1, 0.8, 0.1}};
        ShapeBias bias = ShapeBias.of(probabilities, EACH_ITS_OWN, new int[] {0, 0}, new int[] {0, 1});
        assertThat(bias).isEqualTo(new ShapeBias(1, 0, 1));
    }

    /** model-vs-human: a category of many unlikely classes does not win by their number. */
    @Test
    void aCategoryIsAsLikelyAsItsClassesOnAverage() {
        int[] categories = {0, 0, 0, 1};
        assertThat(ShapeBias.decision(new double[] {0.2, 0.2, 0.25, 0.35}, categories))
                .isEqualTo(1);
        assertThat(ShapeBias.decision(new double[] {0.7, 0.0, 0.2, 0.1}, categories))
                .isZero();
        // Category 1 has no class, and is never chosen.
        assertThat(ShapeBias.decision(new double[] {0.4, 0.6}, new int[] {0, 2}))
                .isEqualTo(2);
    }

    @Test
    void withoutDecisionsForEitherThereIsNoBias() {
        ShapeBias bias = ShapeBias.of(new double[][] {{0, 0, 1}}, EACH_ITS_OWN, new int[] {0}, new int[] {1});
        assertThat(bias.bias()).isNaN();
    }

    @Test
    void lengthsMustFit() {
        double[][] one = {{1, 0, 0}};
        assertThatThrownBy(() -> ShapeBias.of(one, EACH_ITS_OWN, new int[2], new int[1]))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("1 images, 2 shapes and 1 textures");
        assertThatThrownBy(() -> ShapeBias.of(one, new int[2], new int[] {0}, new int[] {1}))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("3 probabilities and categories of 2 classes");
        assertThatThrownBy(() -> new ShapeBias(2, 2, 1)).hasMessageContaining("2 shape and 1 texture");
    }
}
