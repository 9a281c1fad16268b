package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.model.KernelForm;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Depthwise;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Tensor;
import replklab.weights.Weights;

class EffectiveReceptiveFieldTest {
    /** Of the score's largest value. */
    private static final double TOLERANCE = 1e-4;

    /** The authors' script's numbers for the same inputs, in double precision; see the resources' README. */
    @Test
    void theScoreIsTheAuthors() {
        float[] expected = array("erf-score.npy").ravel().toFloatVector();
        RepLKNet network = tiny();
        for (RepLKNet form : List.of(network, network.merged())) {
            ContributionScore score =
                    EffectiveReceptiveField.of(form).score(ImageSource.channelsFirst(array("input.npy")));
            assertThat(score.height()).isEqualTo(64);
            assertThat(score.width()).isEqualTo(64);
            assertThat(score.images()).isEqualTo(3);
            assertThat(error(expected, score.total())).isLessThan(TOLERANCE);
        }
    }

    @Test
    void imagesAddUpOneByOneAndInBatches() {
        RepLKNet network = tiny();
        EffectiveReceptiveField field = EffectiveReceptiveField.of(network);
        ImageSource images = ImageSource.channelsFirst(array("input.npy"));
        ContributionScore whole = field.score(images);
        ContributionScore sum = null;
        for (int i = 0; i < 3; i++) {
            ContributionScore one = field.score(ImageSource.of(images.images(i, i + 1)));
            sum = sum == null ? one : sum.plus(one);
        }
        assertThat(sum.images()).isEqualTo(3);
        assertThat(error(floats(whole.total()), sum.total())).isLessThan(1e-6);
        assertThat(whole.mean()[100]).isEqualTo(whole.total()[100] / 3);
    }

    @Test
    void aLinearLayersFieldIsItsKernel() {
        // One depthwise 3x3 filter in one channel: what the centre sees is the filter where it is positive, or nothing.
        Depthwise layer = new Depthwise(1, 3, 1, 1, false, Initialisation.zeros());
        layer.weight().assign(new float[] {1, -2, 3, 4, 5, -6, 7, 8, 9});
        Tensor ones = Tensor.full(1, 2, 6, 5, 1);
        ContributionScore score = new EffectiveReceptiveField(layer::forward).score(ImageSource.of(ones));
        double[] expected = new double[30];
        double[] filter = {1, 0, 3, 4, 5, 0, 7, 8, 9};
        for (int i = 0; i < 9; i++) {
            expected[(2 + i / 3) * 5 + 1 + i % 3] = 2 * filter[i];
        }
        assertThat(score.total()).containsExactly(expected);
    }

    @Test
    void whatIsNotPositiveAtTheCentreDoesNotCount() {
        Tensor image = Tensor.full(-1, 1, 4, 4, 2);
        ContributionScore score = new EffectiveReceptiveField(x -> x).score(ImageSource.of(image));
        assertThat(score.total()).containsOnly(0);
        assertThatThrownBy(score::areas)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("the contribution score is zero everywhere");
        assertThatThrownBy(score::radius).isInstanceOf(LabException.class);
        assertThatThrownBy(score::picture).isInstanceOf(LabException.class);
    }

    @Test
    void anyModelWithAFeatureMapHasOne() {
        MobileNetV2 network = new MobileNetV2(
                new MobileNetV2Config(0.1, 3, true, 1, MobileNetV2Config.IMAGENET_STRIDES, 64, 3, 10),
                new SplittableRandom(1));
        Layer features = network.children().get("features");
        Tensor images = Tensor.normal(new SplittableRandom(2), 1, 2, 48, 40, 3);
        ContributionScore score = new EffectiveReceptiveField(features::forward).score(ImageSource.of(images));
        assertThat(score.height()).isEqualTo(48);
        assertThat(score.width()).isEqualTo(40);
        assertThat(score.radius()).isBetween(1.0, 30.0);
        assertThat(network.parameters().values()).allMatch(parameter -> parameter.gradientOrNull() == null);
    }

    @Test
    void progressIsToldAndAStopKeepsWhatIsDone() {
        EffectiveReceptiveField field = new EffectiveReceptiveField(x -> x);
        ImageSource images = ImageSource.of(Tensor.full(1, 80, 8, 8, 1));
        List<String> told = new ArrayList<>();
        field.score(
                images,
                (done, total, left) -> {
                    told.add(done + "/" + total);
                    assertThat(left).isGreaterThanOrEqualTo(Duration.ZERO);
                },
                () -> false);
        assertThat(told).containsExactly("32/80", "64/80", "80/80");
        ContributionScore stopped = field.score(images, (done, total, left) -> {}, () -> true);
        assertThat(stopped.images()).isEqualTo(32);
        assertThat(stopped.mean()[4 * 8 + 4]).isEqualTo(1);
        Thread.currentThread().interrupt();
        assertThat(field.score(images).images()).isEqualTo(32);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatHasNoFieldIsRefused() {
        RepLKNet training = tiny();
        training.train(true);
        assertThatThrownBy(() -> EffectiveReceptiveField.of(training))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("training mode");
        ImageSource images = ImageSource.of(Tensor.full(1, 1, 8, 8, 1));
        assertThatThrownBy(() -> new EffectiveReceptiveField(Tensor::globalAveragePool).score(images))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the features have shape (1, 1)");
        assertThatThrownBy(() -> new EffectiveReceptiveField(x -> x.pointwise(nan(), null)).score(images))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> ImageSource.channelsFirst(Nd4j.zeros(3, 8, 8)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("images have shape [3, 8, 8]");
    }

    private static Tensor nan() {
        return Tensor.full(Float.NaN, 1, 1);
    }

    private static RepLKNet tiny() {
        RepLKNetConfig config = new RepLKNetConfig(
                List.of(13, 11, 9, 7), List.of(1, 1, 2, 1), List.of(16, 24, 40, 64), 5, 1, 4, 0, 3, 10);
        RepLKNet network = new RepLKNet(config, KernelForm.TRAINING, Initialisation.zeros());
        Weights.load(network, file("weights.safetensors"));
        return network;
    }

    private static Path file(String name) {
        try {
            return Path.of(RepLKNet.class.getResource("tiny/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static INDArray array(String name) {
        return Nd4j.createFromNpyFile(file(name).toFile());
    }

    private static float[] floats(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /** The largest error over the largest expected value. */
    private static double error(float[] expected, double[] actual) {
        assertThat(actual).hasSize(expected.length);
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
            largest = Math.max(largest, expected[i]);
        }
        assertThat(Arrays.stream(actual).allMatch(Double::isFinite)).isTrue();
        return worst / largest;
    }
}
