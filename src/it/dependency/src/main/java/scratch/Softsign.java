package scratch;

import replklab.tensor.CustomOperation;
import replklab.tensor.Tensor;

/** An operation of one's own, in plain Java: x / (1 + |x|), whose gradient is 1 / (1 + |x|)^2. */
final class Softsign implements CustomOperation {
    @Override
    public Tensor forward(Tensor... inputs) {
        float[] values = inputs[0].toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] /= 1 + Math.abs(values[i]);
        }
        return Tensor.of(values, inputs[0].shape().toArray());
    }

    @Override
    public Tensor[] gradient(Tensor dy, Tensor output, Tensor... inputs) {
        float[] values = inputs[0].toArray();
        for (int i = 0; i < values.length; i++) {
            float below = 1 + Math.abs(values[i]);
            values[i] = 1 / (below * below);
        }
        return new Tensor[] {dy.multiply(Tensor.of(values, inputs[0].shape().toArray()))};
    }
}
