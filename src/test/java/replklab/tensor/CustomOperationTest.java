package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.uniform;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.base.UsageException;

/** A user's own operation: computed as written, recorded with the gradient as written, and misuse said in words. */
class CustomOperationTest {
    /** Of tensors' operations, which are not recorded inside. */
    private static final class Softplus implements CustomOperation {
        @Override
        public Tensor forward(Tensor... x) {
            return x[0].exp().add(Tensor.full(1)).log();
        }

        @Override
        public Tensor[] gradient(Tensor dy, Tensor y, Tensor... x) {
            return new Tensor[] {dy.multiply(x[0].sigmoid())};
        }
    }

    /** Of plain loops, with two inputs and another shape. */
    private static final class OuterProduct implements CustomOperation {
        @Override
        public Shape outputShape(Shape... inputs) {
            return Shape.of(inputs[0].size(0), inputs[1].size(0));
        }

        @Override
        public Tensor forward(Tensor... inputs) {
            float[] a = inputs[0].toArray();
            float[] b = inputs[1].toArray();
            float[] y = new float[a.length * b.length];
            for (int i = 0; i < y.length; i++) {
                y[i] = a[i / b.length] * b[i % b.length];
            }
            return Tensor.of(y, a.length, b.length);
        }

        @Override
        public Tensor[] gradient(Tensor dy, Tensor y, Tensor... inputs) {
            Tensor b = inputs[1];
            return new Tensor[] {
                dy.multiply(b).sum(1), dy.transpose(1, 0).multiply(inputs[0]).sum(1)
            };
        }
    }

    @Test
    void itsGradientIsTheOneWritten() {
        GradientCheck.of(t -> Tensor.custom(new Softplus(), t[0]), uniform(1, 3, 5, 17))
                .holds();
        GradientCheck.of(t -> Tensor.custom(new OuterProduct(), t[0], t[1]), uniform(1, 4), uniform(2, 7))
                .holds();
        // Between other operations, used twice, in a block.
        GradientCheck.of(
                        t -> Tape.block(() -> {
                            Tensor h = Tensor.custom(new Softplus(), t[0].multiply(t[0]));
                            return h.add(h.scale(2)).gelu();
                        }),
                        uniform(1, 3, 5))
                .holds();
    }

    @Test
    void withoutATapeItIsAFunction() {
        assertThat(Tensor.custom(new Softplus(), Tensor.zeros(1)).item()).isEqualTo((float) Math.log(2));
    }

    @Test
    void whatItDoesInsideIsNotRecorded() {
        Tensor x = uniform(1, 4).asParameter();
        List<Boolean> recorded = new ArrayList<>();
        CustomOperation operation = new CustomOperation() {
            @Override
            public Tensor forward(Tensor... inputs) {
                recorded.add(Tape.records(inputs));
                return inputs[0].scale(2);
            }

            @Override
            public Tensor[] gradient(Tensor dy, Tensor y, Tensor... inputs) {
                recorded.add(Tape.records(inputs));
                return new Tensor[] {dy.scale(2)};
            }
        };
        try (Tape tape = Tape.training(0)) {
            Tensor.custom(operation, x).sum().backward();
            assertThat(x.gradient().toArray()).containsOnly(2);
            assertThat(Tape.records(x)).as("recorded again afterwards").isTrue();
            assertThat(tape).isNotNull();
        }
        assertThat(recorded).containsExactly(false, false);
    }

    /** An input handed back, a constant of the user's: neither becomes the tape's. */
    @Test
    void itMayReturnWhatItHas() {
        Tensor x = uniform(1, 4).asParameter();
        Tensor constant = uniform(2, 4);
        float[] before = constant.toArray();
        CustomOperation identity = new CustomOperation() {
            @Override
            public Tensor forward(Tensor... inputs) {
                return inputs[0];
            }

            @Override
            public Tensor[] gradient(Tensor dy, Tensor y, Tensor... inputs) {
                return new Tensor[] {constant};
            }
        };
        for (int step = 0; step < 2; step++) {
            try (Tape tape = Tape.training(0)) {
                Tensor y = Tensor.custom(identity, x);
                tape.backward(y.add(Tensor.custom(identity, x)).sum());
                assertThat(x.gradient().toArray()).isEqualTo(constant.scale(2).toArray());
            }
            assertThat(constant.toArray()).isEqualTo(before);
        }
    }

    @Test
    void anInputMayHaveNoGradient() {
        Tensor a = uniform(1, 4).asParameter();
        Tensor b = uniform(2, 4).asParameter();
        CustomOperation first = new CustomOperation() {
            @Override
            public Tensor forward(Tensor... inputs) {
                return inputs[0].add(inputs[1]);
            }

            @Override
            public Tensor[] gradient(Tensor dy, Tensor y, Tensor... inputs) {
                return new Tensor[] {dy, null};
            }
        };
        try (Tape tape = Tape.training(0)) {
            tape.backward(Tensor.custom(first, a, b).sum());
            assertThat(a.gradient().toArray()).containsOnly(1);
            assertThat(b.gradientOrNull()).isNull();
        }
    }

    @Test
    void misuseIsSaid() {
        Tensor x = uniform(1, 4).asParameter();
        assertThatThrownBy(() -> Tensor.custom(new Softplus()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Softplus without an input");
        refused(x, returning(Tensor.zeros(3), Tensor.zeros(4)), "forward returned shape (3)", "(4)");
        refused(x, returning(null, Tensor.zeros(4)), "forward returned null", "(4)");
        refused(x, returning(Tensor.zeros(4)), "gradient returned 0 tensors", "1 inputs");
        refused(x, returning(Tensor.zeros(4), Tensor.zeros(4), Tensor.zeros(4)), "gradient returned 2 tensors");
        refused(x, returning(Tensor.zeros(4), Tensor.zeros(1, 4)), "shape (1, 4)", "input 0", "(4)");
    }

    private static CustomOperation returning(Tensor y, Tensor... gradients) {
        return new CustomOperation() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public Tensor forward(Tensor... inputs) {
                return y;
            }

            @Override
            public Tensor[] gradient(Tensor dy, Tensor output, Tensor... inputs) {
                return gradients;
            }
        };
    }

    private static void refused(Tensor x, CustomOperation operation, String... parts) {
        try (Tape tape = Tape.training(0)) {
            assertThatThrownBy(() -> tape.backward(Tensor.custom(operation, x).sum()))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("mine.")
                    .hasMessageContainingAll(parts);
        }
    }
}
