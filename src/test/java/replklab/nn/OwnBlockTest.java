package replklab.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import replklab.tensor.Activation;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;
import replklab.train.Sgd;

/** A block as a user writes it: parts and {@code forward}, nothing else; {@code docs/own-code.md} shows this one. */
class OwnBlockTest {
    private static final int CHANNELS = 8;

    private static final class SqueezeExcite extends Layer {
        private final Layer reduce = child("reduce", new Pointwise(CHANNELS, 2, true, new SplittableRandom(1)));
        private final Layer expand = child("expand", new Pointwise(2, CHANNELS, true, new SplittableRandom(2)));

        @Override
        public Tensor forward(Tensor x) {
            Tensor gate =
                    expand.forward(reduce.forward(x.globalAveragePool()).relu()).sigmoid();
            return x.gate(gate);
        }
    }

    private static final class Classifier extends Layer {
        private final Layer body;
        private final Layer head;

        Classifier(RandomGenerator random) {
            body = child(
                    "body",
                    new Sequential(
                            List.of(ConvBn.depthwise(CHANNELS, 3, 1, Activation.RELU, random), new SqueezeExcite())));
            head = child("head", new Linear(CHANNELS, 2, random));
        }

        @Override
        public Tensor forward(Tensor x) {
            return head.forward(body.forward(x).globalAveragePool());
        }
    }

    @Test
    void trains() {
        Classifier model = new Classifier(new SplittableRandom(3));
        Tensor gate = model.parameters().get("body.1.reduce.weight");
        float[] before = gate.toArray();
        Sgd sgd = new Sgd(model.parameters(), 0.9, 0);
        // Noise; the classes differ in the variance of the first channels, which the mean of ReLUs shows.
        SplittableRandom random = new SplittableRandom(4);
        int[] labels = {0, 1, 0, 1, 0, 1};
        float[] values = new float[labels.length * 16 * CHANNELS];
        for (int i = 0; i < values.length; i++) {
            boolean loud = labels[i / (16 * CHANNELS)] == 1 && i % CHANNELS < 4;
            values[i] = (float) (random.nextGaussian() * (loud ? 3 : 1));
        }
        Tensor images = Tensor.of(values, labels.length, 4, 4, CHANNELS);
        double first = 0;
        double last = 0;
        model.train(true);
        for (int step = 0; step < 40; step++) {
            try (Tape tape = Tape.training(step)) {
                Tensor loss = model.forward(images).crossEntropy(Targets.labels(labels));
                last = loss.item();
                first = step == 0 ? last : first;
                tape.backward(loss);
                sgd.step(0.2, 1);
            }
        }
        assertThat(first).isBetween(0.5, 1.0);
        assertThat(last).isLessThan(0.2 * first);
        assertThat(gate.toArray()).isNotEqualTo(before);
    }
}
