package replklab.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.analysis.LayerTimes.Kind;
import replklab.base.UsageException;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Pointwise;
import replklab.nn.Sequential;
import replklab.tensor.Backend;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

class LayerTimesTest {
    private final SplittableRandom random = new SplittableRandom(1);
    private final Layer network = new Sequential(List.of(
            new Depthwise(8, 7, 1, 1, random), new Pointwise(8, 4, true, random), new Depthwise(4, 3, 1, 1, random)));

    @Test
    void everyOperationCountsForItsKind() {
        Tensor x = Tensor.normal(random, 1, 2, 9, 9, 8);
        float[] expected = network.forward(x).toArray();
        Backend before = Backend.current();
        LayerTimes times = LayerTimes.measure(
                () -> assertThat(network.forward(x).toArray()).isEqualTo(expected), 3);
        assertThat(times.kinds())
                .extracting(Kind::name)
                .containsExactlyInAnyOrder("depthwise 7x7", "depthwise 3x3", "pointwise", LayerTimes.OTHER);
        assertThat(times.kinds())
                .filteredOn(kind -> !kind.name().equals(LayerTimes.OTHER))
                .allMatch(kind -> kind.calls() == 1);
        assertThat(times.share("depthwise") + times.share("pointwise") + times.share(LayerTimes.OTHER))
                .isCloseTo(1, within(1e-9));
        assertThat(Backend.current()).isSameAs(before);
    }

    /** What it does inside is its own time. */
    @Test
    void aUsersOwnOperationIsOfItsOwnKind() {
        Layer network = new Doubling();
        Tensor x = Tensor.normal(random, 1, 2, 9, 9, 4);
        LayerTimes times = LayerTimes.measure(() -> network.forward(x), 3);
        assertThat(times.kinds())
                .extracting(Kind::name)
                .containsExactlyInAnyOrder("pointwise", "Doubled", LayerTimes.OTHER);
    }

    @Test
    void aTrainingStepCountsItsGradients() {
        Tensor x = Tensor.normal(random, 1, 2, 9, 9, 8);
        LayerTimes times = LayerTimes.measure(
                () -> {
                    try (Tape tape = Tape.training(1)) {
                        tape.backward(network.forward(x).sum());
                    }
                },
                1);
        assertThat(times.kinds())
                .filteredOn(kind -> kind.name().startsWith("depthwise"))
                .hasSize(2)
                .allMatch(kind -> kind.calls() == 2);
    }

    @Test
    void whatThePassThrowsComesOut() {
        assertThatThrownBy(() -> LayerTimes.measure(() -> network.forward(Tensor.zeros(1, 2)), 1))
                .isInstanceOf(UsageException.class);
    }
}
