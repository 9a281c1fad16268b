package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.data.Augmentation;
import replklab.data.Batch;
import replklab.data.ImageShape;
import replklab.nn.Layer;
import replklab.tensor.Precision;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.train.TrainingConfig.OptimiserKind;

class ClassificationTest {
    /** Says 1/8, 2/8, 5/8 of two images. */
    private static final Layer MODEL = new Layer() {
        @Override
        public Tensor forward(Tensor x) {
            float two = (float) Math.log(2);
            float five = (float) Math.log(5);
            return Tensor.of(new float[] {0, two, five, 0, two, five}, 2, 3);
        }
    };

    /** Of images that mixup or cutmix mixed, each class counts by its share: the label alone would be another loss. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void theLossIsOfTheMixedTargets(double smoothing) {
        TrainingConfig config = new TrainingConfig(
                1,
                2,
                OptimiserKind.SGD,
                0.1,
                0.9,
                0,
                0,
                smoothing,
                0,
                0,
                0,
                Precision.FLOAT32,
                new Augmentation(0, 0, 0, 0.8, 1));
        Batch batch = new Batch(
                new float[2], 2, new ImageShape(1, 1, 1), new int[] {0, 2}, new float[] {0.25f, 0.75f, 0, 0, 0, 1});
        double mixed = 0.25 * Math.log(8) + 0.75 * Math.log(4);
        double plain = Math.log(8 / 5.0);
        double even = (Math.log(8) + Math.log(4) + Math.log(8 / 5.0)) / 3;
        try (Tape _ = Tape.inference()) {
            assertThat(TrainingTask.classification(MODEL, Blobs.data())
                            .loss(batch, config)
                            .item())
                    .isCloseTo((float) ((1 - smoothing) * (mixed + plain) / 2 + smoothing * even), within(1e-6f));
        }
    }
}
