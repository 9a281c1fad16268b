package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.between;
import static replklab.tensor.Inputs.uniform;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whichever gradients of an operation are wanted, as of a network with frozen parts: they are those of all together. */
class GradientsAloneTest {
    private static final int CHANNELS = 19;

    private record Subject(String name, Function<Tensor[], Tensor> operation, Tensor... inputs) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Subject> subjects() {
        Tensor map = uniform(1, 2, 9, 11, CHANNELS);
        Tensor vector = between(2, 0.5, 2, CHANNELS);
        Tensor shift = uniform(3, CHANNELS);
        List<Subject> subjects = new ArrayList<>();
        for (Activation kind : Activation.values()) {
            for (boolean training : new boolean[] {true, false}) {
                subjects.add(new Subject(
                        "batchNorm, " + kind + (training ? ", training" : ""),
                        t -> t[0].batchNorm(state(t[1], t[2]), kind, training),
                        map,
                        vector,
                        shift));
            }
            subjects.add(new Subject(
                    "pointwise, " + kind,
                    t -> t[0].pointwise(t[1], t[2], kind, t[3]),
                    map,
                    uniform(4, 7, CHANNELS),
                    uniform(5, 7),
                    uniform(6, 2, 9, 11, 7)));
            subjects.add(new Subject(
                    "depthwise, " + kind,
                    t -> t[0].depthwise(t[1], t[2], 1, 1, kind),
                    map,
                    uniform(7, 5, 5, CHANNELS),
                    shift));
            subjects.add(new Subject(
                    "convolution, " + kind,
                    t -> t[0].convolution(t[1], t[2], 2, 1, kind),
                    map,
                    uniform(8, 6, 3, 3, CHANNELS),
                    uniform(9, 6)));
        }
        subjects.add(new Subject("layerNorm", t -> t[0].layerNorm(t[1], t[2], 1e-3), map, vector, shift));
        subjects.add(new Subject("scaleChannels", t -> t[0].scaleChannels(t[1]), map, vector));
        subjects.add(new Subject("gate", t -> t[0].gate(t[1]), map, uniform(10, 2, CHANNELS)));
        subjects.add(new Subject("add", t -> t[0].add(t[1]), map, shift));
        subjects.add(new Subject("subtract", t -> t[0].subtract(t[1]), shift, map));
        subjects.add(new Subject("multiply", t -> t[0].multiply(t[1]), map, shift));
        subjects.add(new Subject("divide", t -> t[0].divide(t[1]), map, vector));
        subjects.add(new Subject("concatenate", t -> Tensor.concatenate(2, t[0], t[1], t[2]), map, map, map));
        for (int small : new int[] {3, 5}) {
            subjects.add(new Subject(
                    "depthwisePair, 7 and " + small,
                    t -> {
                        Tensor[] pair = t[0].depthwisePair(t[1], t[2]);
                        return pair[0].add(pair[1].scale(3));
                    },
                    map,
                    uniform(11, 7, 7, CHANNELS),
                    uniform(12, small, small, CHANNELS)));
        }
        return subjects.stream();
    }

    private static BatchNormState state(Tensor gamma, Tensor beta) {
        return new BatchNormState(gamma, beta, uniform(13, CHANNELS), between(14, 0.5, 2, CHANNELS), 1e-3, 0.1);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void areThoseOfAllTogether(Subject subject) {
        int inputs = subject.inputs.length;
        Tensor[] all = gradients(subject, (1 << inputs) - 1);
        for (int wanted = 1; wanted < 1 << inputs; wanted++) {
            Tensor[] some = gradients(subject, wanted);
            for (int i = 0; i < inputs; i++) {
                if ((wanted >> i & 1) == 0) {
                    assertThat(some[i]).as("gradient %d of %s", i, wanted).isNull();
                } else {
                    float[] expected = all[i].toArray();
                    assertThat(some[i].toArray())
                            .as("gradient %d of %s", i, wanted)
                            .containsExactly(expected, Offset.offset(largest(expected) * 1e-5f));
                }
            }
        }
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isPositive();
        return largest;
    }

    /** Gradients of the inputs whose bits are set in {@code wanted}; null for the others. */
    private static Tensor[] gradients(Subject subject, int wanted) {
        Tensor[] inputs = new Tensor[subject.inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = subject.inputs[i].copy();
            if ((wanted >> i & 1) == 1) {
                inputs[i].asParameter();
            }
        }
        try (Tape tape = Tape.training(1)) {
            Tensor y = subject.operation.apply(inputs);
            tape.backward(y.multiply(uniform(99, y.shape().toArray())).sum());
            Tensor[] gradients = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                Tensor gradient = inputs[i].gradientOrNull();
                gradients[i] = gradient == null ? null : gradient.copy();
            }
            return gradients;
        }
    }
}
