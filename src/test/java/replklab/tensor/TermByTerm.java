package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.tensor.Inputs.uniform;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Holds an operation against its definition as a sum of products: y[i] = bias[i modulo channels] + the sum of factor x[j] w[k] over
 * its terms. From the terms follow, in double precision, the result and all gradients. Errors count relative to the sum of the
 * terms' sizes, so that every element is held to float arithmetic's precision, whatever cancels in it.
 */
final class TermByTerm {
    private static final double TOLERANCE = 2e-6;

    private final Function<Tensor[], Tensor> operation;
    private final Terms terms;
    private final Tensor[] inputs;
    private final float[] x;
    private final float[] w;
    private final float[] bias;

    /** Takes one term. */
    @FunctionalInterface
    interface Term {
        /** y[i] has the term factor x[j] w[k]; without a w, {@code k} says nothing. */
        void add(int i, int j, int k, double factor);
    }

    /** Tells all terms of an operation. */
    @FunctionalInterface
    interface Terms {
        void tell(Term term);
    }

    /** Numbers in double precision and the size of what was added up in them. */
    private record Sums(double[] values, double[] sizes) {
        static Sums of(int length) {
            return new Sums(new double[length], new double[length]);
        }

        void add(int i, double term) {
            values[i] += term;
            sizes[i] += Math.abs(term);
        }
    }

    private TermByTerm(Function<Tensor[], Tensor> operation, Terms terms, Tensor[] inputs) {
        this.operation = operation;
        this.terms = terms;
        this.inputs = inputs;
        this.x = inputs[0].toArray();
        this.w = inputs.length > 1 ? inputs[1].toArray() : null;
        this.bias = inputs.length > 2 ? inputs[2].toArray() : null;
    }

    /**
     * The result, and the gradients of all inputs together and of each alone, are the terms' sums.
     *
     * @param inputs x, or x and w, or x, w and a bias of one number a channel
     */
    static void holds(Function<Tensor[], Tensor> operation, Terms terms, Tensor... inputs) {
        new TermByTerm(operation, terms, inputs).check();
    }

    private void check() {
        Tensor y = operation.apply(inputs);
        close("result", y, result(Math.toIntExact(y.shape().elements())));
        Tensor dy = uniform(97, y.shape().toArray());
        Sums[] expected = gradients(dy.toArray());
        for (int only = inputs.length == 1 ? 0 : -1; only < inputs.length; only++) {
            Tensor[] copies = Arrays.stream(inputs).map(Tensor::copy).toArray(Tensor[]::new);
            for (int i = 0; i < copies.length; i++) {
                if (only < 0 || i == only) {
                    copies[i].asParameter();
                }
            }
            try (Tape tape = Tape.training(1)) {
                tape.backward(operation.apply(copies).multiply(dy).sum());
                for (int i = 0; i < copies.length; i++) {
                    if (copies[i].isParameter()) {
                        String which = "gradient " + i + (only < 0 ? "" : " alone");
                        close(which, copies[i].gradient(), expected[i]);
                    }
                }
            }
        }
    }

    private Sums result(int length) {
        Sums y = Sums.of(length);
        for (int i = 0; bias != null && i < length; i++) {
            y.add(i, bias[i % bias.length]);
        }
        terms.tell((i, j, k, factor) -> y.add(i, factor * x[j] * (w == null ? 1 : w[k])));
        return y;
    }

    private Sums[] gradients(float[] dy) {
        Sums[] gradients = Arrays.stream(inputs)
                .map(input -> Sums.of(input.toArray().length))
                .toArray(Sums[]::new);
        terms.tell((i, j, k, factor) -> {
            gradients[0].add(j, factor * dy[i] * (w == null ? 1 : w[k]));
            if (w != null) {
                gradients[1].add(k, factor * dy[i] * x[j]);
            }
        });
        for (int i = 0; bias != null && i < dy.length; i++) {
            gradients[2].add(i % bias.length, dy[i]);
        }
        return gradients;
    }

    private static void close(String what, Tensor actual, Sums expected) {
        close(what, actual.toArray(), expected.values, expected.sizes, TOLERANCE);
    }

    /** Each number is right to {@code tolerance} relative to its size. */
    static void close(String what, float[] actual, double[] expected, double[] sizes, double tolerance) {
        assertThat(actual).as(what).hasSize(expected.length);
        for (int i = 0; i < actual.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            if (!(error <= tolerance * sizes[i])) { // all are looked at, but only a wrong one costs an assertion
                assertThat(error)
                        .as(
                                "%s: error of element %d of %d, %s instead of %s",
                                what, i, actual.length, actual[i], expected[i])
                        .isLessThanOrEqualTo(tolerance * sizes[i]);
            }
        }
    }

    /** Each number is right to {@code tolerance} relative to itself or, if it is small, to one. */
    static void close(String what, Tensor actual, double[] expected, double tolerance) {
        double[] sizes = Arrays.stream(expected)
                .map(value -> Math.max(1, Math.abs(value)))
                .toArray();
        close(what, actual.toArray(), expected, sizes, tolerance);
    }
}
