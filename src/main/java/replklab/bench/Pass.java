package replklab.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import replklab.base.UsageException;

/** What is computed in one measured call. */
public enum Pass {
    /** The output alone. */
    FORWARD,
    /** The output and the gradients with respect to input and weights. */
    TRAINING;

    /** As the command line and the JSON name it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The pass of that name. */
    public static Pass of(String key) {
        return Arrays.stream(values())
                .filter(pass -> pass.key().equals(key))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown("pass", key, List.of("forward", "training")));
    }
}
