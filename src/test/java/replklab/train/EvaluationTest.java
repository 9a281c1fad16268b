package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.data.BatchLoader;
import replklab.data.DatasetInfo;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.data.Normalization;
import replklab.data.Split;
import replklab.nn.Layer;
import replklab.tensor.Tensor;

/** Accuracy and loss of logits that are known. */
class EvaluationTest {
    private static final float[][] LOGITS = {{2, 1, 0}, {0, 0, 5}, {1, 3, 1}, {-1, -2, -3}, {0, 1, 1}};
    private static final int[] LABELS = {0, 2, 0, 0, 2};

    /** Images of one pixel whose channels are the logits that {@link Echo} gives for them. */
    private static final class Known implements ImageDataset {
        @Override
        public DatasetInfo info() {
            return new DatasetInfo(
                    "known",
                    "made here",
                    Split.TEST,
                    DatasetInfo.ALL,
                    LABELS.length,
                    "0",
                    new Normalization(List.of(0.5, 0.5, 0.5), List.of(1.0, 1.0, 1.0)),
                    List.of("a", "b", "c"));
        }

        @Override
        public ImageShape shape() {
            return new ImageShape(1, 1, 3);
        }

        @Override
        public int label(int index) {
            return LABELS[index];
        }

        @Override
        public void read(int index, float[] into, int offset) {
            System.arraycopy(LOGITS[index], 0, into, offset, 3);
        }
    }

    private static final class Echo extends Layer {
        private boolean evaluated = true;

        @Override
        public Tensor forward(Tensor x) {
            evaluated &= !isTraining();
            return x.globalAveragePool();
        }
    }

    @Test
    void countsEveryImageOnce() {
        Echo model = new Echo();
        model.train(true);
        Evaluation evaluation = Evaluation.of(model, BatchLoader.forEvaluation(new Known(), 2, 1));
        double loss = 0;
        for (int i = 0; i < LABELS.length; i++) {
            double sum = 0;
            for (float logit : LOGITS[i]) {
                sum += Math.exp(logit);
            }
            loss += Math.log(sum) - LOGITS[i][LABELS[i]];
        }
        assertThat(evaluation.images()).isEqualTo(5);
        // The third is wrong; of two equal logits the first counts, so the last is wrong, too.
        assertThat(evaluation.accuracy()).isEqualTo(60);
        assertThat(evaluation.loss()).isCloseTo(loss / 5, within(1e-6));
        assertThat(model.evaluated).isTrue();
        assertThat(model.isTraining()).isTrue();
    }

    @Test
    void stopsBetweenBatches() {
        int[] asked = {0};
        assertThat(Evaluation.unlessStopped(
                        new Echo(),
                        BatchLoader.forEvaluation(new Known(), 2, 1),
                        Collections.emptySortedMap(),
                        () -> ++asked[0] > 1))
                .isEmpty();
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void takesDownTheAnswerToEachImage() {
        Answers answers = Evaluation.of(new Echo(), BatchLoader.forEvaluation(new Known(), 2, 1))
                .answers();
        assertThat(answers.columns().get(Answers.PREDICTED)).containsExactly(0.0, 2.0, 1.0, 0.0, 1.0);
        assertThat(answers.predicted(1)).isEqualTo(2);
        List<Double> probabilities = answers.columns().get(Answers.PROBABILITY);
        double[] expected = new double[LABELS.length];
        for (int i = 0; i < LABELS.length; i++) {
            double highest = 0;
            double sum = 0;
            for (float logit : LOGITS[i]) {
                highest = Math.max(highest, Math.exp(logit));
                sum += Math.exp(logit);
            }
            expected[i] = highest / sum;
        }
        assertThat(probabilities).hasSize(LABELS.length);
        for (int i = 0; i < LABELS.length; i++) {
            assertThat(probabilities.get(i)).as("image " + i).isEqualTo(expected[i], within(1e-6));
        }
    }

    /** Whatever the batches, a further score sees every image's logits once, in the data set's order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void furtherScoresAreMadeOfAllLogits(int batch) {
        SequencedMap<String, ToDoubleFunction<Logits>> scores = new LinkedHashMap<>();
        scores.put("predicted", logits -> {
            double digits = 0;
            for (int i = 0; i < logits.images(); i++) {
                digits = 10 * digits + logits.predicted(i);
            }
            return digits;
        });
        scores.put("second", logits -> logits.probabilities(1)[2]);
        Evaluation evaluation = Evaluation.unlessStopped(
                        new Echo(), BatchLoader.forEvaluation(new Known(), batch, 1), scores, () -> false)
                .orElseThrow();
        assertThat(evaluation.scores().sequencedKeySet()).containsExactly(Evaluation.ACCURACY, "predicted", "second");
        assertThat(evaluation.scores().get("predicted")).isEqualTo(2101);
        assertThat(evaluation.scores().get("second")).isEqualTo(Math.exp(5) / (2 + Math.exp(5)), within(1e-6));
    }
}
