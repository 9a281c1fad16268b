package replklab.onnx;

import replklab.base.LabException;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * How far ONNX Runtime's output for a file is from the network's own.
 *
 * @param error the largest difference, over the range (highest minus lowest) of the network's output
 * @param shape of both outputs
 */
public record OnnxCheck(double error, Shape shape) {
    /** What rounding in another order may make; beyond it the file is wrong. */
    public static final double TOLERANCE = 1e-4;

    /**
     * Compares two outputs.
     *
     * @throws LabException if their shapes differ
     */
    public static OnnxCheck of(Tensor expected, Tensor found) {
        if (!expected.shape().equals(found.shape())) {
            throw new LabException(
                    "ONNX Runtime's output has shape " + found.shape() + ", the network's " + expected.shape());
        }
        float[] a = expected.toArray();
        float[] b = found.toArray();
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            lowest = Math.min(lowest, a[i]);
            highest = Math.max(highest, a[i]);
            worst = Math.max(worst, Math.abs((double) a[i] - b[i])); // a NaN stays
        }
        return new OnnxCheck(worst == 0 ? 0 : worst / (highest - lowest), expected.shape());
    }

    /** Whether the outputs agree. */
    public boolean passed() {
        return error <= TOLERANCE;
    }
}
