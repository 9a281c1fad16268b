package replklab.conv;

import java.util.Locale;
import replklab.base.UsageException;

/** What is computed of a depthwise convolution. */
public enum DepthwisePass {
    /** The output. */
    FORWARD,
    /** The output, with filters that were prepared once, as those of a frozen network are. */
    PREPARED_FORWARD,
    /** The gradient with respect to the input alone. */
    INPUT_GRADIENT,
    /** The gradient with respect to the filters alone. */
    WEIGHT_GRADIENT,
    /** Both gradients. */
    GRADIENTS;

    /** Lower case with dashes, as in plans. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The pass of a {@link #label()}. */
    public static DepthwisePass of(String label) {
        for (DepthwisePass pass : values()) {
            if (pass.label().equals(label)) {
                return pass;
            }
        }
        throw new UsageException(
                "no pass '" + label + "' of a depthwise convolution; there are forward, prepared-forward,"
                        + " input-gradient, weight-gradient and gradients");
    }
}
