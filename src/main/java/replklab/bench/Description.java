package replklab.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an implementation says of a case beside the time.
 *
 * @param memory what it took
 * @param plan how it computes, in its own words; may be empty
 * @param layers milliseconds by kind of layer; empty where that cannot be told
 */
public record Description(Memory memory, String plan, Map<String, Double> layers) {
    /** Nothing is known. */
    public static final Description NONE = new Description(Memory.UNKNOWN, "", Map.of());

    public Description {
        layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    }

    /** The share of depthwise convolutions in the time, 0 to 1; NaN where the kinds of layers are not known. */
    public double depthwiseShare() {
        double all = layers.values().stream().mapToDouble(Double::doubleValue).sum();
        double depthwise = layers.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("depthwise"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        return depthwise / all; // nothing over nothing is NaN
    }
}
