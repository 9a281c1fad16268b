package replklab.tensor.device;

import replklab.tensor.Activation;
import replklab.tensor.ArrayOperation.Binary.Arithmetic;
import replklab.tensor.ArrayOperation.Reduce;
import replklab.tensor.ElementwiseOperation.Apply.Function;

/** What the kernels call things by. */
final class KernelNumbers {
    private KernelNumbers() {}

    /** As dialect.h has them. */
    static int of(Activation kind) {
        return switch (kind) {
            case NONE -> 0;
            case RELU -> 1;
            case RELU6 -> 2;
            case GELU -> 3;
            case SIGMOID -> 4;
        };
    }

    /** As elementwise.cl has them. */
    static int of(Function function) {
        return switch (function) {
            case EXP -> 0;
            case LOG -> 1;
            case SQRT -> 2;
        };
    }

    /** As arrays.cl has them, and the next ones. */
    static int of(Arithmetic kind) {
        return switch (kind) {
            case ADD -> 0;
            case SUBTRACT -> 1;
            case MULTIPLY -> 2;
            case DIVIDE -> 3;
        };
    }

    static int of(Reduce.Kind kind) {
        return switch (kind) {
            case SUM -> 0;
            case MEAN -> 1;
            case MAX -> 2;
        };
    }
}
