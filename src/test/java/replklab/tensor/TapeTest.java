package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.tensor.Inputs.uniform;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import replklab.base.Interrupts;
import replklab.tensor.ElementwiseOperation.Combine;

/** What the tape promises: gradients add up, memory comes and goes with it, misuse is refused in words. */
class TapeTest {
    private final Tensor x = Tensor.of(new float[] {1, -2, 3}, 3).asParameter();

    @Test
    void gradientsOfEveryUseAddUp() {
        assertGradient(2, 2, 2, () -> x.add(x));
        assertGradient(0, 0, 0, () -> x.subtract(x));
        assertGradient(2, -4, 6, () -> x.multiply(x));
        assertGradient(3, 3, 3, () -> x.add(x).add(x));
        assertGradient(3, 12, 27, () -> x.multiply(x).multiply(x));
        assertGradient(4, 4, 4, () -> {
            Tensor twice = x.add(x);
            return twice.add(twice);
        });
    }

    @Test
    void forgottenTapesCanAllBeClosed() {
        Tape outer = Tape.training(0);
        Tensor y = x.multiply(x);
        Tape inner = Tape.inference();
        Tensor z = x.add(x);
        Tape innermost = Tape.withRespectTo(y);
        assertThat(Tape.open()).isEqualTo(3);

        assertThat(Tape.closeAll(1)).isEqualTo(2);
        assertThat(Tape.open()).isEqualTo(1);
        assertThatThrownBy(z::toArray).hasMessageContaining("closed");
        outer.backward(y.sum());
        assertThat(x.gradient().toArray()).containsExactly(2, -4, 6);

        assertThat(Tape.closeAll()).isEqualTo(1);
        assertThat(x.multiply(x).isTracked()).as("recorded no longer").isFalse();
        assertThat(Tape.closeAll()).isZero();
        assertThat(Tape.closeAll(5)).isZero();
        inner.close(); // as usual at the end of a try
        innermost.close();
    }

    @Test
    void anInterruptedThreadBeginsNoOperation() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(x::relu).isInstanceOf(Interrupts.Interrupted.class);
            assertThat(Interrupts.inOrder(() -> Interrupts.inOrder(x::relu).relu())
                            .toArray())
                    .containsExactly(1, 0, 3);
            assertThatThrownBy(x::relu).isInstanceOf(Interrupts.Interrupted.class);
        } finally {
            assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
        }
        assertThat(x.relu().toArray()).containsExactly(1, 0, 3);
    }

    @Test
    void gradientsOfChosenInputsLeaveParametersAlone() {
        Tensor input = uniform(1, 2, 3);
        Tensor weight = uniform(2, 4, 3).asParameter();
        float[] wanted;
        try (Tape tape = Tape.training(0)) {
            Tensor parameter = input.copy().asParameter();
            tape.backward(parameter.pointwise(weight, null).relu().sum());
            wanted = parameter.gradient().toArray();
        }
        try (Tape tape = Tape.withRespectTo(input)) {
            assertThat(Tape.isTraining()).isFalse();
            Tensor dropped = input.dropPath(0.9);
            assertThat(dropped).as("nothing is random").isSameAs(input);
            Tensor constant = weight.reshape(3, 4).scale(2);
            assertThat(constant.isTracked()).isFalse();
            tape.backward(input.pointwise(weight, null).relu().sum());
            assertThat(input.gradient().toArray()).containsExactly(wanted);
            assertThat(weight.gradientOrNull()).isNull();
        }
        assertThat(input.gradientOrNull()).isNull();
        try (Tape tape = Tape.training(0)) {
            tape.backward(input.pointwise(weight, null).sum());
            assertThat(input.gradientOrNull()).as("an input of an earlier tape").isNull();
            assertThat(weight.gradientOrNull()).isNotNull();
        }
    }

    @Test
    void gradientsMeetBehindABranch() {
        // h's gradient comes as it is from the sum, and computed from the product, in either order.
        assertGradient(2 + 8, 2 - 16, 2 + 24, () -> {
            Tensor h = x.scale(2);
            return h.add(h.multiply(h));
        });
        assertGradient(2 + 8, 2 - 16, 2 + 24, () -> {
            Tensor h = x.scale(2);
            return h.multiply(h).add(h);
        });
        // The gradient that both inputs of a sum share must not be added to in place.
        Tensor z = Tensor.of(new float[] {5, 6, 7}, 3).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor sum = x.add(z);
            tape.backward(sum.add(x.scale(10)).add(x.reshape(3).scale(100)).sum());
            assertThat(x.gradient().toArray()).containsExactly(111, 111, 111);
            assertThat(z.gradient().toArray()).containsExactly(1, 1, 1);
        }
    }

    @Test
    void anOperationMayHaveSeveralOutputs() {
        assertGradient(2, 2, 2, () -> parts(x)[0]);
        assertGradient(3, 3, 3, () -> parts(x)[1]);
        assertGradient(2 + 30, 2 + 30, 2 + 30, () -> {
            Tensor[] parts = parts(x);
            return parts[1].scale(10).add(parts[0]);
        });
        // The first output twice, once through the reshape, which hands its gradient on as it is.
        assertGradient(8, 8, 8, () -> {
            Tensor first = parts(x)[0];
            return first.reshape(3).add(first.scale(3));
        });
    }

    /** 2x and 3x by one operation, whose unused outputs have no gradient. */
    private static Tensor[] parts(Tensor x) {
        return Tape.record(
                new Tensor[] {x.scale(2).copy(), x.scale(3).copy()},
                new Tensor[] {},
                (dys, wanted) -> {
                    Tensor dx = Tensor.zeros(x.shape().toArray());
                    for (int i = 0; i < 2; i++) {
                        if (dys[i] != null) {
                            Backend.run(new Combine(1, dx, 2 + i, dys[i], dx));
                        }
                    }
                    return new Tensor[] {dx};
                },
                x);
    }

    @Test
    void backwardAgainAddsUp() {
        try (Tape tape = Tape.training(0)) {
            Tensor h = x.multiply(x);
            Tensor first = h.sum();
            Tensor second = h.scale(10).sum();
            tape.backwardKeeping(first);
            assertThat(x.gradient().toArray()).containsExactly(2, -4, 6);
            tape.backwardKeeping(second);
            assertThat(x.gradient().toArray()).containsExactly(22, -44, 66);
            tape.backward(first);
            assertThat(x.gradient().toArray()).containsExactly(24, -48, 72);
            assertThatThrownBy(() -> tape.backward(first))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("backwardKeeping");
        }
    }

    @Test
    void lossesWithoutACommonOperationAddUp() {
        try (Tape tape = Tape.training(0)) {
            Tensor first = x.multiply(x).sum();
            Tensor second = x.scale(10).sum();
            tape.backward(first);
            tape.backward(second);
            assertThat(x.gradient().toArray()).containsExactly(12, 6, 16);
        }
    }

    @Test
    void whatWasPassedIsGivenBackButForWhatIsKept() {
        try (Tape tape = Tape.training(0)) {
            Tensor made = x.scale(2);
            Tensor view = made.reshape(1, 3);
            Tensor kept = view.multiply(view);
            Tensor keptView = kept.reshape(3, 1);
            Tensor constant = Tensor.full(3, 3, 1);
            Tensor loss = keptView.multiply(constant).sum();
            tape.keep(keptView);
            tape.backward(loss);
            assertThat(x.gradient().toArray()).containsExactly(24, -48, 72);
            assertThat(loss.item()).isEqualTo(168);
            assertThat(kept.toArray()).containsExactly(4, 16, 36);
            assertThat(constant.toArray()).containsExactly(3, 3, 3);
            for (Tensor gone : new Tensor[] {made, view}) {
                assertThatThrownBy(gone::toArray)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a backward pass went through")
                        .hasMessageContaining("Tape.keep()");
            }
        }
    }

    @Test
    void aBlockLeavesItsResultAndWhatTheGradientReads() {
        Tensor[] inside = new Tensor[3];
        try (Tape tape = Tape.training(0)) {
            Tensor y = Tape.block(() -> {
                inside[0] = x.scale(2); // read by the product's gradient
                inside[1] = inside[0].multiply(inside[0]);
                inside[2] = inside[1].scale(3);
                return inside[2].add(x).reshape(1, 3);
            });
            assertThat(y.toArray()).containsExactly(13, 46, 111);
            assertThat(inside[0].toArray()).containsExactly(2, -4, 6);
            for (int i = 1; i < 3; i++) {
                assertThatThrownBy(inside[i]::toArray).hasMessageContaining("was made in a block that is over");
            }
            tape.backward(y.sum());
            assertThat(x.gradient().toArray()).containsExactly(25, -47, 73);
        }
        try (Tape _ = Tape.inference()) {
            Tensor y = Tape.block(() -> inside[0] = x.scale(2).add(x));
            assertThat(y).isSameAs(inside[0]);
            assertThat(y.toArray()).containsExactly(3, -6, 9);
        }
        assertThat(Tape.block(() -> x.scale(2)).toArray()).containsExactly(2, -4, 6);
    }

    /** Two norms in a row: the second one's input has to come back before the second can. */
    @Test
    void aBlockMakesNormsAgainInTheBackwardPass() {
        Tensor images = Tensor.normal(new SplittableRandom(1), 1, 2, 5, 3, 8);
        Tensor w = Tensor.normal(new SplittableRandom(2), 1, 8, 8).asParameter();
        Tensor[] inside = new Tensor[2];
        Function<Tensor, Tensor> body = input -> {
            inside[0] = input.pointwise(w, null).batchNorm(state(), Activation.RELU, true);
            inside[1] = inside[0].batchNorm(state(), Activation.NONE, true);
            return inside[1].pointwise(w, null).batchNorm(state(), Activation.RELU, true);
        };
        float[] plain;
        try (Tape tape = Tape.training(0)) {
            Tensor y = body.apply(images);
            tape.backward(y.multiply(y).sum());
            plain = w.gradient().toArray();
        }
        for (int pass = 0; pass < 2; pass++) {
            try (Tape tape = Tape.training(0)) {
                Tensor y = Tape.block(() -> body.apply(images));
                for (Tensor norm : inside) {
                    assertThatThrownBy(norm::toArray).hasMessageContaining("was made in a block that is over");
                }
                Tensor loss = y.multiply(y).sum();
                tape.backwardKeeping(loss);
                assertThat(w.gradient().toArray()).containsExactly(plain);
                tape.backward(loss);
            }
        }
        try (Tape tape = Tape.training(0)) {
            Tensor y = Tape.block(() -> {
                Tensor result = body.apply(images);
                tape.keep(inside);
                return result;
            });
            assertThat(inside[1].toArray()).hasSize(2 * 5 * 3 * 8);
            tape.backward(y.multiply(y).sum());
            assertThat(w.gradient().toArray()).containsExactly(plain);
        }
    }

    private static BatchNormState state() {
        return new BatchNormState(Tensor.full(1, 8), Tensor.zeros(8), Tensor.zeros(8), Tensor.full(1, 8), 1e-5, 0.1);
    }

    @Test
    void aTapeInsideLeavesTheGradientsOfTheOuterOne() {
        try (Tape outer = Tape.training(0)) {
            Tensor second = x.scale(10).sum();
            outer.backward(x.scale(2).sum());
            try (Tape inner = Tape.training(1)) {
                inner.backward(x.multiply(x).sum());
                assertThat(x.gradient().toArray()).containsExactly(2, -4, 6);
            }
            assertThat(x.gradient().toArray()).containsExactly(2, 2, 2);
            outer.backward(second);
            assertThat(x.gradient().toArray()).containsExactly(12, 12, 12);
        }
        assertThat(x.gradientOrNull()).isNull();
    }

    @Test
    void onlyWhatTheLossDependsOnHasAGradient() {
        Tensor unused = Tensor.zeros(3).asParameter();
        Tensor constant = Tensor.full(2, 3);
        try (Tape tape = Tape.training(0)) {
            Tensor aside = x.multiply(unused);
            tape.backward(x.multiply(constant).sum());
            assertThat(x.gradient().toArray()).containsExactly(2, 2, 2);
            assertThat(unused.gradientOrNull()).isNull();
            assertThat(constant.gradientOrNull()).isNull();
            assertThat(aside.gradientOrNull()).isNull();
            assertThatThrownBy(unused::gradient)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this tensor has no gradient");
        }
    }

    @Test
    void gradientsEndWithTheTape() {
        Tensor gradient;
        try (Tape tape = Tape.training(0)) {
            tape.backward(x.sum());
            gradient = x.gradient();
        }
        assertThat(x.gradientOrNull()).isNull();
        assertThatThrownBy(gradient::toArray).hasMessageContaining("belonged to a tape that is closed");
        assertGradient(1, 1, 1, () -> x.scale(1));
    }

    @Test
    void tensorsOfAClosedTapeAreRefused() {
        Tensor y;
        Tensor reshaped;
        Tensor kept;
        try (Tape _ = Tape.inference()) {
            y = x.scale(2);
            reshaped = y.reshape(1, 3);
            kept = y.copy();
        }
        for (Tensor gone : new Tensor[] {y, reshaped}) {
            assertThatThrownBy(gone::toArray)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belonged to a tape that is closed")
                    .hasMessageContaining("copy()");
            assertThatThrownBy(() -> gone.add(gone)).hasMessageContaining("belonged to a tape that is closed");
        }
        assertThat(kept.toArray()).containsExactly(2, -4, 6);
        // The memory is lent again; the old tensor must not see it.
        try (Tape _ = Tape.inference()) {
            x.scale(3);
            assertThatThrownBy(y::toArray).hasMessageContaining("belonged to a tape that is closed");
        }
    }

    @Test
    void anInferenceTapeInsideATrainingTapeRecordsNothing() {
        try (Tape tape = Tape.training(0)) {
            Tensor before = x.multiply(x);
            float inner;
            try (Tape evaluation = Tape.inference()) {
                assertThat(Tape.isTraining()).isFalse();
                Tensor loss = x.scale(100).sum();
                inner = loss.item();
                assertThatThrownBy(() -> evaluation.backward(loss))
                        .hasMessageContaining("an inference tape records nothing");
            }
            assertThat(inner).isEqualTo(200);
            assertThat(Tape.isTraining()).isTrue();
            tape.backward(before.sum());
            assertThat(x.gradient().toArray()).containsExactly(2, -4, 6);
        }
        assertThat(Tape.isTraining()).isFalse();
    }

    @Test
    void tapesCloseFromTheInside() {
        Tape outer = Tape.training(0);
        Tensor loss = x.sum();
        Tape inner = Tape.inference();
        try {
            assertThatThrownBy(outer::close).hasMessageContaining("a tape opened inside this one is still open");
            assertThatThrownBy(() -> outer.backward(loss))
                    .hasMessageContaining("a tape opened inside this one is still open");
        } finally {
            inner.close();
            outer.close();
        }
        outer.close();
        assertThatThrownBy(() -> outer.backward(loss)).hasMessage("this tape is closed");
    }

    @Test
    void aTapeBelongsToItsThread() throws InterruptedException {
        try (Tape tape = Tape.training(0)) {
            Tensor loss = x.sum();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    assertThat(Tape.isTraining()).isFalse();
                    tape.backward(loss);
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            other.join();
            assertThat(thrown.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to thread");
        }
    }

    @Test
    void aLossThatCannotBeDifferentiatedIsRefused() {
        Tensor foreign;
        try (Tape _ = Tape.training(0)) {
            foreign = x.sum();
        }
        try (Tape tape = Tape.training(0)) {
            assertThatThrownBy(() -> tape.backward(x.scale(2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("backward starts at a scalar; this tensor has shape (3)");
            assertThatThrownBy(() -> tape.backward(Tensor.full(1, 3).sum()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the loss does not depend on anything that requires a gradient");
            assertThatThrownBy(() -> tape.backward(foreign))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the loss was not made on this tape");
        }
    }

    @Test
    void dropPathRepeatsFromTheTapesSeed() {
        Tensor images = Tensor.full(1, 64, 3);
        float[] first = dropped(images, 5);
        assertThat(dropped(images, 5)).containsExactly(first);
        assertThat(dropped(images, 6)).isNotEqualTo(first);
        int zeros = 0;
        for (int n = 0; n < 64; n++) {
            assertThat(first[3 * n])
                    .isIn(0f, 4f / 3)
                    .isEqualTo(first[3 * n + 1])
                    .isEqualTo(first[3 * n + 2]);
            zeros += first[3 * n] == 0 ? 1 : 0;
        }
        assertThat(zeros).isBetween(5, 30);
    }

    @Test
    void dropPathIsTheIdentityOutsideTraining() {
        Tensor images = Tensor.full(1, 64, 3);
        assertThat(images.dropPath(0.9)).isSameAs(images);
        try (Tape _ = Tape.inference()) {
            assertThat(images.dropPath(0.9)).isSameAs(images);
        }
        try (Tape _ = Tape.training(0)) {
            assertThat(images.dropPath(0)).isSameAs(images);
            assertThatThrownBy(() -> images.dropPath(1)).hasMessageContaining("drop path probability is 1.0");
        }
    }

    @Test
    void fromTheSecondStepOnNothingIsAllocated() {
        Tensor images = uniform(1, 4, 9, 7, 6);
        Tensor large = uniform(2, 5, 5, 6).asParameter();
        Tensor head = uniform(3, 10, 6).asParameter();
        step(images, large, head);
        long afterOne = Tape.memoryBytes();
        float loss = step(images, large, head);
        for (int i = 0; i < 5; i++) {
            assertThat(step(images, large, head)).isEqualTo(loss);
        }
        assertThat(Tape.memoryBytes()).isEqualTo(afterOne);
        Tape.releaseMemory();
        assertThat(Tape.memoryBytes()).isZero();
        assertThat(step(images, large, head)).isEqualTo(loss);
    }

    private static float step(Tensor images, Tensor large, Tensor head) {
        try (Tape tape = Tape.training(1)) {
            Tensor h = images.add(images.depthwise(large, null, 1, 1).gelu().dropPath(0.2));
            Tensor loss = h.globalAveragePool().pointwise(head, null).crossEntropy(Targets.labels(1, 2, 3, 4));
            tape.backward(loss);
            return loss.item() + head.gradient().sum().item();
        }
    }

    private static float[] dropped(Tensor images, long seed) {
        try (Tape _ = Tape.training(seed)) {
            return images.dropPath(0.25).toArray();
        }
    }

    private void assertGradient(float a, float b, float c, java.util.function.Supplier<Tensor> forward) {
        try (Tape tape = Tape.training(0)) {
            tape.backward(forward.get().sum());
            assertThat(x.gradient().toArray()).containsExactly(a, b, c);
        }
    }
}
