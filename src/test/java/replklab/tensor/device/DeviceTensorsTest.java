package replklab.tensor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import replklab.tensor.Activation;
import replklab.tensor.Backend;
import replklab.tensor.BatchNormState;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** Where tensors' numbers lie, and a training whose every step is on the device. */
class DeviceTensorsTest {
    private static DeviceBackend device;

    @BeforeAll
    static void open() {
        device = OpenClHere.backend();
    }

    @Test
    void numbersLieWhereTheyWereWrittenLast() {
        Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
        Backend.with(device, () -> {
            Tensor y = x.scale(2);
            assertThat(x.device()).isEqualTo("cpu");
            assertThat(y.device()).isEqualTo("opencl:0");
            assertThat(y).hasToString("Tensor(3) on opencl:0 [2.0, 4.0, 6.0]");
            assertThat(y.toArray()).containsExactly(2, 4, 6);
            assertThat(y.device()).as("reading moves nothing").isIn("opencl:0", "cpu");
            y.assign(new float[] {5, 6, 7});
            assertThat(y.device()).isEqualTo("cpu");
            assertThat(y.scale(2).toArray()).containsExactly(10, 12, 14);
        });
    }

    @Test
    void theCpuReadsWhatADeviceWrote() {
        List<Tensor> made = new ArrayList<>();
        Backend.with(device, () -> made.add(Tensor.of(new float[] {1, 2, 3}, 3).scale(2)));
        assertThat(made.getFirst().add(made.getFirst()).toArray()).containsExactly(4, 8, 12);
    }

    @Test
    void copiesAndExchangesStayOnTheDevice() {
        Backend.with(device, () -> {
            Tensor one = Tensor.of(new float[] {1, 2}, 2).scale(2);
            Tensor two = one.scale(10);
            Tensor copy = one.copy();
            assertThat(copy.device()).isEqualTo("opencl:0");
            one.exchange(two);
            assertThat(one.device()).isEqualTo("opencl:0");
            assertThat(one.toArray()).containsExactly(20, 40);
            assertThat(two.toArray()).containsExactly(2, 4);
            assertThat(copy.toArray()).containsExactly(2, 4);
        });
    }

    /** ND4J writes to its memory, and reads it, without a word. */
    @Test
    void whatNd4jSharesIsNeverOld() {
        INDArray array = Nd4j.create(new float[] {1, 2, 3}, new long[] {3}, 'c');
        Backend.with(device, () -> {
            Tensor x = Tensor.of(array);
            assertThat(x.scale(2).toArray()).containsExactly(2, 4, 6);
            array.putScalar(0, 10);
            assertThat(x.scale(2).toArray()).containsExactly(20, 4, 6);
            Backend.run(new replklab.tensor.ElementwiseOperation.Combine(3, x, 0, x, x));
            assertThat(array.getFloat(0)).isEqualTo(30);
            INDArray shown = x.scale(2).toNd4j();
            assertThat(shown.getFloat(1)).isEqualTo(12);
        });
    }

    @Test
    void lossesWaitOnTheDevice() {
        Backend.with(device, () -> {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
            assertThat(x.sum().device()).isEqualTo("opencl:0");
            assertThat(x.sum().item()).isEqualTo(10);
            Tensor loss = x.crossEntropy(Targets.labels(0, 1));
            assertThat(loss.device()).isEqualTo("opencl:0");
            assertThat(loss.item()).isCloseTo((float) (Math.log1p(Math.E) + Math.log1p(1 / Math.E)) / 2, within(1e-6f));
        });
    }

    /** Rows that all are ignored make no loss and no gradient. */
    @Test
    void ignoredRowsDoNotCount() {
        Backend.with(device, () -> {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).asParameter();
            try (Tape tape = Tape.training(1)) {
                Tensor loss =
                        x.crossEntropy(Targets.labels(255, 1).ignoring(255).smoothed(0.1));
                tape.backward(loss);
                Tensor[] kept = {x.gradient().copy()};
                assertThat(kept[0].toArray()).startsWith(0, 0);
                assertThat(kept[0].toArray()[2]).isNotZero();
            }
            Tensor none = x.crossEntropy(Targets.labels(255, 255).ignoring(255));
            assertThat(none.item()).isZero();
        });
    }

    /** Training: what it gives, that it gives the same bits again, and that from the second step on it takes no memory. */
    @Test
    void trainsAsTheCpuDoes() {
        float[] here = train(new ArrayList<>());
        List<float[]> there = new ArrayList<>();
        List<Long> lent = new ArrayList<>();
        Backend.with(device, () -> {
            there.add(train(lent));
            there.add(train(new ArrayList<>()));
        });
        assertThat(there.get(1)).isEqualTo(there.get(0));
        for (int i = 0; i < here.length; i++) {
            // Some hundred operations a step, each off by units of the last place.
            assertThat(there.get(0)[i]).as("loss of step %d", i).isCloseTo(here[i], within(1e-4f));
        }
        assertThat(here[here.length - 1]).isLessThan(here[0]);
        assertThat(lent.subList(2, lent.size())).allMatch(bytes -> bytes <= lent.get(1));
    }

    private static float[] train(List<Long> lent) {
        SplittableRandom random = new SplittableRandom(1);
        Tensor images = Tensor.normal(random, 1, 6, 9, 10, 12);
        Tensor large = Tensor.normal(random, 0.1, 7, 7, 12).asParameter();
        Tensor small = Tensor.normal(random, 0.1, 3, 3, 12).asParameter();
        Tensor w = Tensor.normal(random, 0.3, 4, 12).asParameter();
        Tensor gamma = Tensor.full(1, 12).asParameter();
        Tensor beta = Tensor.zeros(12).asParameter();
        List<Tensor> parameters = List.of(large, small, w, gamma, beta);
        List<Tensor> velocities = parameters.stream()
                .map(each -> Tensor.zeros(each.shape().toArray()))
                .toList();
        BatchNormState norm = new BatchNormState(gamma, beta, Tensor.zeros(12), Tensor.full(1, 12), 1e-5, 0.1);
        Targets targets = Targets.labels(0, 1, 2, 3, 0, 1);
        float[] losses = new float[6];
        for (int step = 0; step < losses.length; step++) {
            try (Tape tape = Tape.training(step)) {
                Tensor y = Tape.block(() -> {
                    Tensor[] both = images.depthwisePair(large, small);
                    return both[0].add(both[1])
                            .batchNorm(norm, Activation.RELU, true)
                            .dropPath(0.2);
                });
                Tensor loss = y.globalAveragePool().pointwise(w, null).crossEntropy(targets);
                tape.backward(loss);
                for (int i = 0; i < parameters.size(); i++) {
                    Backend.run(new OptimiserStep.Sgd(
                            parameters.get(i), parameters.get(i).gradient(), velocities.get(i), 1, 0.1f, 0.9f, 1e-3f));
                }
                losses[step] = loss.item();
            }
            lent.add(device.memory().lentBytes());
        }
        return losses;
    }
}
