package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;
import replklab.data.Augmentation;
import replklab.tensor.Precision;
import replklab.train.TrainingConfig.OptimiserKind;

class TrainingConfigTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            epochs,         0
            batchSize,      1
            learningRate,   0
            learningRate,   NaN
            learningRate,   Infinity
            momentum,       1
            momentum,      -0.1
            weightDecay,   -1
            warmupEpochs,   3
            warmupEpochs,  -1
            labelSmoothing, 1
            clipNorm,      -1
            clipNorm,       NaN
            emaDecay,       1
            maxSteps,      -1
            """)
    void namesFieldAndValue(String field, double value) {
        assertThatThrownBy(() -> new TrainingConfig(
                        (int) or(field, "epochs", value, 3),
                        (int) or(field, "batchSize", value, 4),
                        OptimiserKind.SGD,
                        or(field, "learningRate", value, 0.1),
                        or(field, "momentum", value, 0.9),
                        or(field, "weightDecay", value, 0),
                        or(field, "warmupEpochs", value, 0),
                        or(field, "labelSmoothing", value, 0),
                        or(field, "clipNorm", value, 0),
                        or(field, "emaDecay", value, 0),
                        (int) or(field, "maxSteps", value, 0),
                        Precision.FLOAT32,
                        Augmentation.NONE))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("training." + field + " is ")
                .hasMessageContaining("allowed is");
    }

    @Test
    void whatTheDataCannotFillIsRefusedBeforeItIsTried() {
        TrainingConfig large = TrainingConfig.adamW(1, 25, 0.01);
        assertThatThrownBy(() -> large.check(Blobs.data()))
                .isInstanceOf(UsageException.class)
                .hasMessage("batch size 25: more than the 24 training examples of 'blobs'");
        assertThatThrownBy(() -> large.checkDense(Blobs.data()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no labels of pixels");
        TrainingConfig.adamW(1, 24, 0.01).check(Blobs.data());
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> new TrainingConfig(
                        3, 4, null, 0.1, 0.9, 0, 0, 0, 0, 0, 0, Precision.FLOAT32, Augmentation.NONE))
                .isInstanceOf(UsageException.class)
                .hasMessage("training.optimiser is null; allowed is sgd and adamw");
        assertThatThrownBy(() -> new TrainingConfig(
                        3, 4, OptimiserKind.SGD, 0.1, 0.9, 0, 0, 0, 0, 0, 0, Precision.FLOAT32, null))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("training.augmentation is null; allowed is a map");
    }

    @Test
    void adamWWarmsUpForATenthOfTheEpochs() {
        TrainingConfig config = TrainingConfig.adamW(20, 4, 0.01);
        assertThat(config.warmupEpochs()).isEqualTo(2);
        assertThat(config.optimiser()).isEqualTo(OptimiserKind.ADAMW);
        assertThat(config.weightDecay()).isEqualTo(0.05);
        assertThat(config.totalSteps(7)).isEqualTo(140);
    }

    private static double or(String field, String name, double value, double usual) {
        return field.equals(name) ? value : usual;
    }
}
