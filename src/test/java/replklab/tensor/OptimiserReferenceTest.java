package replklab.tensor;

import static replklab.tensor.Inputs.wave;
import static replklab.tensor.References.assertClose;
import static replklab.tensor.References.numbers;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several optimiser steps give PyTorch's numbers; {@link References} has the preamble of the lines below. */
class OptimiserReferenceTest {
    private final Tensor w = wave(0.7, 5);

    /**
     * <pre>{@code
     * w = wave(0.7, 5).detach().requires_grad_()
     * optimiser = torch.optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.05)
     * for step in range(1, 4):
     *     w.grad = 0.5 * wave(0.3 * step, 5).detach()
     *     optimiser.step()
     * print(w, optimiser.state[w]["momentum_buffer"])
     * }</pre>
     */
    @Test
    void sgdWithMomentum() {
        Tensor velocity = Tensor.zeros(5);
        for (int step = 1; step <= 3; step++) {
            Backend.run(new OptimiserStep.Sgd(w, wave(0.3 * step, 5), velocity, 0.5f, 0.1f, 0.9f, 0.05f));
        }
        assertClose(w, numbers(0, 0.4937958, 0.7449496, 0.6200611, 0.1583507), 5e-7);
        assertClose(velocity, numbers(0, 0.848642, 1.26134, 1.077407, 0.4970458), 5e-7);
    }

    /**
     * <pre>{@code
     * w = wave(0.7, 5).detach().requires_grad_()
     * optimiser = torch.optim.AdamW([w], lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.05)
     * for step in range(1, 6):
     *     w.grad = 0.5 * wave(0.3 * step, 5).detach()
     *     optimiser.step()
     * print(w, optimiser.state[w]["exp_avg"], optimiser.state[w]["exp_avg_sq"])
     * }</pre>
     */
    @Test
    void adamW() {
        Tensor first = Tensor.zeros(5);
        Tensor second = Tensor.zeros(5);
        for (int step = 1; step <= 5; step++) {
            Backend.run(new OptimiserStep.AdamW(
                    w, wave(0.3 * step, 5), first, second, 0.5f, 0.01f, 0.9f, 0.999f, 1e-8f, 0.05f, step));
        }
        assertClose(w, numbers(0, 0.5936116, 0.9347124, 0.8256619, 0.3117032), 1e-6);
        assertClose(first, numbers(0, 0.153817, 0.1293886, 0.009712745, -0.02152408), 1e-6);
        assertClose(second, numbers(0, 0.000720012, 0.0006514584, 0.0007225423, 0.000646242), 1e-6);
    }

    /** A parameter of several tasks' size, and no multiple of a vector, moves everywhere alike. */
    @Test
    void largeParameters() {
        int elements = 70_001;
        Tensor large = Tensor.full(1, elements);
        Tensor gradient = Tensor.full(2, elements);
        Backend.run(new OptimiserStep.Sgd(large, gradient, Tensor.zeros(elements), 1, 0.25f, 0, 0));
        assertClose(large, java.util.Collections.nCopies(elements, 0.5f), 0);
        Backend.run(new OptimiserStep.AdamW(
                large, gradient, Tensor.zeros(elements), Tensor.zeros(elements), 1, 0.25f, 0.5f, 0.5f, 0, 0, 1));
        assertClose(large, java.util.Collections.nCopies(elements, 0.25f), 1e-6);
    }

    /** In whole vectors, in what is left of one, and in another task's part, for several steps. */
    @Test
    void anElementMovesAlikeWhereverItLies() {
        int elements = 70_003;
        Tensor[] small = {wave(0.7, 5), Tensor.zeros(5), Tensor.zeros(5), wave(0.7, 5), Tensor.zeros(5)};
        Tensor[] large = new Tensor[small.length];
        for (int i = 0; i < small.length; i++) {
            large[i] = repeated(small[i], elements);
        }
        for (int step = 1; step <= 4; step++) {
            Tensor gradient = wave(0.3 * step, 5);
            step(small, gradient, step);
            step(large, repeated(gradient, elements), step);
        }
        for (int i = 0; i < small.length; i++) {
            assertClose(large[i], listed(repeated(small[i], elements)), 1e-6);
        }
    }

    private static void step(Tensor[] state, Tensor gradient, int step) {
        Backend.run(new OptimiserStep.AdamW(
                state[0], gradient, state[1], state[2], 0.5f, 0.01f, 0.9f, 0.999f, 1e-8f, 0.05f, step));
        Backend.run(new OptimiserStep.Sgd(state[3], gradient, state[4], 0.5f, 0.1f, 0.9f, 0.05f));
    }

    private static Tensor repeated(Tensor few, int elements) {
        float[] pattern = few.toArray();
        float[] all = new float[elements];
        for (int i = 0; i < elements; i++) {
            all[i] = pattern[i % pattern.length];
        }
        return Tensor.of(all, elements);
    }

    private static List<Float> listed(Tensor tensor) {
        List<Float> numbers = new ArrayList<>();
        for (float value : tensor.toArray()) {
            numbers.add(value);
        }
        return numbers;
    }
}
