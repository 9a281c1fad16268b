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
}
