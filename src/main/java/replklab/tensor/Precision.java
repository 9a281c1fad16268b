package replklab.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import replklab.base.UsageException;

/**
 * The numbers that matrix products multiply: those of pointwise convolutions, linear layers and full convolutions, forward
 * and in their gradients. Everything else computes in float32 at either precision: what a product adds up and returns,
 * depthwise convolutions, norms, activations, losses, and the weights that an optimiser moves.
 */
public enum Precision {
    /** Single precision: 24 bits of a number. */
    FLOAT32("float32"),

    /**
     * Both matrices are rounded to bfloat16, float32's range with 8 bits of a number, halves to even. Where the processor
     * has no such products ({@link Backend#accelerates}), float32 multiplies the rounded numbers: the same up to the
     * order of sums, at no gain in speed.
     */
    BF16("bfloat16");

    private static final ScopedValue<Precision> CURRENT = ScopedValue.newInstance();

    private final String text;

    Precision(String text) {
        this.text = text;
    }

    /** The precision of that name: {@code float32}, and {@code bf16} or {@code bfloat16}. */
    public static Precision of(String text) {
        return Arrays.stream(values())
                .filter(precision ->
                        precision.text.equals(text) || precision.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown("precision", text, List.of("float32", "bf16")));
    }

    /** The precision of this thread's products: float32, unless {@link #in} gave another. */
    public static Precision current() {
        return CURRENT.orElse(FLOAT32);
    }

    /**
     * Does some work whose products have this precision; a backward pass, wherever it happens, has that of its forward pass:
     *
     * <pre>{@code
     * Tensor logits = Precision.BF16.in(() -> network.forward(images));
     * }</pre>
     */
    public <T> T in(Supplier<T> work) {
        return ScopedValue.where(CURRENT, this).call(work::get);
    }

    /** The name in tables and files: {@code float32} or {@code bfloat16}. */
    @Override
    public String toString() {
        return text;
    }
}
