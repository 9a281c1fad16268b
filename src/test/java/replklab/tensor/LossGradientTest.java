package replklab.tensor;

import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import org.junit.jupiter.api.Test;

/** Gradients of the losses and reductions equal finite differences. */
class LossGradientTest {
    private final Tensor logits = between(1, -2, 2, 4, 5);
    private final Targets labels = Targets.labels(3, 0, 4, 4);
    private final Targets soft = Targets.distribution(
            0.1f, 0.2f, 0.3f, 0.4f, 0, 1, 0, 0, 0, 0, 0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0, 0.5f, 0, 0.5f, 0);

    @Test
    void crossEntropy() {
        check(logits, labels);
        check(logits, labels.smoothed(0.1));
        check(logits, soft);
        check(logits, soft.smoothed(0.2));
        check(logits, labels.ignoring(4));
        check(logits, labels.ignoring(4).smoothed(0.3));
    }

    @Test
    void crossEntropyOfEveryPixel() {
        Targets pixels = Targets.labels(0, 1, 2, 255, 2, 1, 0, 0, 255, 2, 1, 1);
        check(between(1, -2, 2, 2, 3, 2, 3), pixels.ignoring(255));
    }

    @Test
    void crossEntropyOfMoreRowsThanOneTaskTakes() {
        int[] many = new int[600];
        for (int row = 0; row < many.length; row++) {
            many[row] = row % 7;
        }
        // A mean over many rows hardly moves with one logit: a larger step, against the rounding of the loss.
        Targets targets = Targets.labels(many).smoothed(0.1);
        GradientCheck.of(t -> t[0].crossEntropy(targets), between(1, -2, 2, many.length, 7))
                .step(1.0 / 8)
                .tolerance(3e-3)
                .holds();
    }

    @Test
    void crossEntropyAsPartOfALargerLoss() {
        GradientCheck.of(
                        t -> t[0].crossEntropy(labels)
                                .scale(3)
                                .add(t[0].multiply(t[0]).mean()),
                        logits)
                .holds();
    }

    @Test
    void sumAndMean() {
        Tensor x = uniform(1, 3, 11);
        GradientCheck.of(t -> t[0].sum(), x).holds();
        GradientCheck.of(t -> t[0].mean(), x).holds();
        GradientCheck.of(t -> t[0].multiply(t[0]).mean(), x).holds();
    }

    private static void check(Tensor logits, Targets targets) {
        GradientCheck.of(t -> t[0].crossEntropy(targets), logits).holds();
    }
}
