package replklab.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import replklab.tensor.Backend;
import replklab.tensor.ForwardingBackend;
import replklab.tensor.Operation;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/** A part whose parameters need no gradient costs none, and stays as it is. */
class FrozenPartTest {
    private final SplittableRandom random = new SplittableRandom(1);
    private final Layer body =
            new Sequential(List.of(new Pointwise(4, 6, true, random), new Depthwise(6, 3, 1, 1, random)));
    private final Layer head = new Pointwise(6, 2, true, random);
    private final Layer network = new Sequential(List.of(body, head));
    private final Tensor x = Tensor.normal(random, 1, 2, 5, 5, 4);

    @Test
    void aFineTunedHeadComputesNoOtherGradients() {
        assertThat(gradients()).containsExactly("PointwiseGradient", "DepthwiseGradient", "PointwiseGradient");
        body.requireGradient(false);
        assertThat(gradients()).containsExactly("PointwiseGradient");
        body.requireGradient(true);
        assertThat(gradients()).hasSize(3);
    }

    @Test
    void whatIsFrozenHasNoGradient() {
        body.requireGradient(false);
        try (Tape tape = Tape.training(0)) {
            tape.backward(network.forward(x).sum());
            assertThat(body.parameters().values()).allMatch(parameter -> parameter.gradientOrNull() == null);
            assertThat(head.parameters().values()).allMatch(parameter -> parameter.gradientOrNull() != null);
        }
        assertThat(network.parameters()).as("they are parameters all the same").hasSize(5);
    }

    @Test
    void onlyParametersAreAsked() {
        assertThatThrownBy(() -> x.requireGradient(false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("asParameter()");
    }

    /** The convolutions' gradients of one step. */
    private List<String> gradients() {
        List<String> seen = new ArrayList<>();
        Backend watching = new ForwardingBackend(Backend.current()) {
            @Override
            public void execute(Operation operation) {
                if (operation instanceof Operation.Gradient) {
                    seen.add(operation.getClass().getSimpleName());
                }
                super.execute(operation);
            }
        };
        Backend.with(watching, () -> {
            try (Tape tape = Tape.training(0)) {
                tape.backward(network.forward(x).sum());
            }
        });
        return seen;
    }
}
