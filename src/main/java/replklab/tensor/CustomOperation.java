package replklab.tensor;

import java.util.Optional;

/**
 * An operation of a user's own, with the gradient written by hand: for what is not made of the operations that {@link Tensor}
 * has, or whose gradient can be had cheaper than theirs. {@link Tensor#custom} computes it.
 *
 * <pre>{@code
 * class Softplus implements CustomOperation {     // log(1 + exp(x))
 *     @Override
 *     public Tensor forward(Tensor... x) {
 *         return x[0].exp().add(Tensor.full(1)).log();
 *     }
 *
 *     @Override
 *     public Tensor[] gradient(Tensor dy, Tensor y, Tensor... x) {
 *         return new Tensor[] {dy.multiply(x[0].sigmoid())};
 *     }
 * }
 *
 * Tensor y = Tensor.custom(new Softplus(), x);
 * }</pre>
 *
 * <p>Both methods may use tensors' operations, which are not recorded there, or read numbers with {@link Tensor#toArray()} and
 * make new ones with {@link Tensor#of}. They must give the same for the same inputs, and change none.
 */
public interface CustomOperation {
    /** What it is called in messages, tables of costs and times. */
    default String name() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "custom operation" : name;
    }

    /**
     * The result.
     *
     * @param inputs as given to {@link Tensor#custom}
     * @return of the shape that {@link #outputShape} says
     */
    Tensor forward(Tensor... inputs);

    /**
     * The gradients with respect to the inputs.
     *
     * @param dy gradient with respect to the output, of its shape
     * @param output what {@link #forward} returned
     * @param inputs as they were then
     * @return one tensor an input, shaped like it, or null for one that needs none
     */
    Tensor[] gradient(Tensor dy, Tensor output, Tensor... inputs);

    /** The shape of the result; the first input's unless said otherwise. */
    default Shape outputShape(Shape... inputs) {
        return inputs[0];
    }

    /** Multiply-accumulates of one call, for the counting of costs; none unless said otherwise. */
    default long macs(Shape... inputs) {
        return 0;
    }

    /**
     * ONNX's operator without attributes that computes the same of the same inputs, such as {@code "Softplus"}; without
     * one, networks with this operation cannot be exported.
     */
    default Optional<String> onnxOperator() {
        return Optional.empty();
    }
}
