package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import replklab.data.ImageDataset;
import replklab.nn.Layer;
import replklab.tensor.Tensor;

/** Answers of a classifier whose answers are known. */
class LogitsTest {
    private static final ImageDataset DATA = Blobs.data().test();

    /** The same logits for every image. */
    private static Layer answering(float... logits) {
        return new Layer() {
            @Override
            public Tensor forward(Tensor x) {
                int images = x.shape().toArray()[0];
                float[] rows = new float[images * logits.length];
                for (int i = 0; i < images; i++) {
                    System.arraycopy(logits, 0, rows, i * logits.length, logits.length);
                }
                return Tensor.of(rows, images, logits.length);
            }
        };
    }

    @Test
    void everyImageHasItsProbabilities() {
        Layer model = answering(0, 1000, 1000 + (float) Math.log(3));
        model.train(true);
        Logits logits = Logits.of(model, DATA);
        assertThat(model.isTraining()).isTrue();
        assertThat(logits.images()).isEqualTo(DATA.size());
        for (int i : new int[] {0, DATA.size() - 1}) {
            assertThat(logits.predicted(i)).isEqualTo(2);
            assertThat(logits.probabilities(i)).containsExactly(new double[] {0, 0.25, 0.75}, within(1e-4));
            assertThat(Arrays.stream(logits.probabilities(i)).sum()).isEqualTo(1, within(1e-12));
        }
    }

    @Test
    void comparesTwoClassifiers() {
        Logits one = Logits.of(answering(0, 4, 1), DATA);
        Logits near = Logits.of(answering(0, 3.5f, 1), DATA);
        Logits other = Logits.of(answering(0, 4, 5), DATA);
        assertThat(one.samePercent(near)).isEqualTo(100);
        assertThat(one.deviation(near)).isEqualTo(0.125, within(1e-9)); // half of a range of 4
        assertThat(one.samePercent(other)).isZero();
        assertThat(one.deviation(one)).isZero();
    }

    /** Logits that are all far from zero: their range is what counts, not their height. */
    @Test
    void aDeviationIsAShareOfTheRange() {
        Logits one = Logits.of(answering(100, 104, 102), DATA);
        Logits other = Logits.of(answering(100, 104, 103), DATA);
        assertThat(one.deviation(other)).isEqualTo(0.25, within(1e-9));
    }

    /** Softmax of 0, ln 2, ln 5: 1/8, 2/8, 5/8; adding the same to all changes nothing. */
    @Test
    void aProbabilityIsTheSoftmaxOfOneRow() {
        for (float height : new float[] {0, -1000, 1000}) {
            float[] logits = {9, 8, height, height + (float) Math.log(2), height + (float) Math.log(5), 7};
            assertThat(Logits.probability(logits, 2, 3, 0)).isEqualTo(0.125, within(1e-4));
            assertThat(Logits.probability(logits, 2, 3, 1)).isEqualTo(0.25, within(1e-4));
            assertThat(Logits.probability(logits, 2, 3, 2)).isEqualTo(0.625, within(1e-4));
        }
    }
}
