package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchMixTest {
    private static final ImageShape SHAPE = new ImageShape(8, 12, 3);
    private static final int VALUES = 8 * 12 * 3;
    private static final int SIZE = 5;
    private static final int CLASSES = 5;

    /** Image i holds i + 1 everywhere and is of class i. */
    private final float[] images = new float[SIZE * VALUES];

    private final float[] targets = new float[SIZE * CLASSES];

    BatchMixTest() {
        for (int i = 0; i < images.length; i++) {
            images[i] = 1 + i / VALUES;
        }
        for (int i = 0; i < SIZE; i++) {
            targets[i * CLASSES + i] = 1;
        }
    }

    @Test
    void mixupBlendsImagesAndTargetsByTheSameLambda() {
        new BatchMix.Mixup(0.3).apply(images, targets, SIZE, SHAPE, CLASSES);
        for (int i = 0; i < SIZE; i++) {
            int j = SIZE - 1 - i;
            double kept = i == j ? 1 : 0.3;
            for (int v = 0; v < VALUES; v++) {
                assertThat((double) images[i * VALUES + v])
                        .isEqualTo(kept * (1 + i) + (1 - kept) * (1 + j), within(1e-6));
            }
            assertThat((double) targets[i * CLASSES + i]).isEqualTo(kept, within(1e-7));
        }
        assertRowsSumToOne();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1, 5})
    void cutmixsLambdaIsTheExactShareOfItsOwnPixels(double alpha) {
        var random = new SplittableRandom(6);
        var augmentation = new Augmentation(0, 0, 0, 0, alpha);
        for (int round = 0; round < 200; round++) {
            var test = new BatchMixTest();
            BatchMix mix = BatchMix.draw(augmentation, SHAPE, random);
            mix.apply(test.images, test.targets, SIZE, SHAPE, CLASSES);
            for (int i = 0; i < SIZE; i++) {
                int own = 0;
                for (int p = 0; p < 96; p++) {
                    float value = test.images[i * VALUES + p * 3];
                    assertThat(value).isIn(1f + i, (float) SIZE - i);
                    assertThat(test.images[i * VALUES + p * 3 + 2]).isEqualTo(value);
                    own += value == 1 + i ? 1 : 0;
                }
                double share = own / 96.0;
                if (i != SIZE / 2) {
                    assertThat(mix.lambda()).isEqualTo(share, within(1e-15));
                }
                assertThat(test.targets[i * CLASSES + i]).isEqualTo((float) share);
            }
            test.assertRowsSumToOne();
        }
    }

    @Test
    void cutmixExchangesThePatch() {
        var mix = new BatchMix.Cutmix(1, 2, 3, 4, 1 - 12 / 96.0);
        mix.apply(images, targets, SIZE, SHAPE, CLASSES);
        assertThat(images[(1 * 12 + 2) * 3]).isEqualTo(5);
        assertThat(images[(3 * 12 + 5) * 3 + 2]).isEqualTo(5);
        assertThat(images[(4 * 12 + 5) * 3]).isEqualTo(1);
        assertThat(images[(3 * 12 + 6) * 3]).isEqualTo(1);
        assertThat(images[4 * VALUES + (1 * 12 + 2) * 3]).isEqualTo(1);
        assertThat(targets).startsWith(0.875f, 0, 0, 0, 0.125f);
    }

    @Test
    void withBothAlphasEitherHappens() {
        var random = new SplittableRandom(7);
        var both = new Augmentation(0, 0, 0, 0.8, 1);
        int cuts = 0;
        for (int i = 0; i < 1000; i++) {
            BatchMix mix = BatchMix.draw(both, SHAPE, random);
            assertThat(mix.lambda()).isBetween(0.0, 1.0);
            cuts += mix instanceof BatchMix.Cutmix ? 1 : 0;
        }
        assertThat(cuts).isBetween(430, 570);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.2, 1, 1000})
    void lambdaFollowsTheSymmetricBetaDistribution(double alpha) {
        var random = new SplittableRandom(8);
        var mixup = new Augmentation(0, 0, 0, alpha, 0);
        double sum = 0;
        double squares = 0;
        int draws = 4000;
        for (int i = 0; i < draws; i++) {
            double lambda = BatchMix.draw(mixup, SHAPE, random).lambda();
            sum += lambda;
            squares += (lambda - 0.5) * (lambda - 0.5);
        }
        assertThat(sum / draws).isEqualTo(0.5, within(0.03));
        assertThat(squares / draws).isEqualTo(1 / (4 * (2 * alpha + 1)), within(0.01)); // the variance
    }

    private void assertRowsSumToOne() {
        for (int i = 0; i < SIZE; i++) {
            float sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                sum += targets[i * CLASSES + c];
            }
            assertThat(sum).isEqualTo(1, within(1e-6f));
        }
    }
}
