package replklab.tensor;

/** Elementwise non-linearities. */
public enum Activation {
    /** The identity. */
    NONE,
    /** max(0, x). */
    RELU,
    /** min(max(0, x), 6). */
    RELU6,
    /** x times the standard normal distribution function of x: the exact form, by the error function. */
    GELU,
    /** 1 / (1 + exp(-x)). */
    SIGMOID;

    /** Whether this is {@code min(max(x, lowest()), highest())}; its derivative follows from the output alone. */
    public boolean isClamp() {
        return this == NONE || this == RELU || this == RELU6;
    }

    /** The lower bound of a clamp. */
    public float lowest() {
        return this == NONE ? Float.NEGATIVE_INFINITY : 0;
    }

    /** The upper bound of a clamp. */
    public float highest() {
        return this == RELU6 ? 6 : Float.POSITIVE_INFINITY;
    }
}
