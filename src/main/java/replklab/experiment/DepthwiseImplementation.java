package replklab.experiment;

import java.util.Arrays;
import java.util.Locale;
import replklab.base.UsageException;
import replklab.conv.Algorithm;
import replklab.conv.DepthwisePlanner;

/** Our depthwise convolutions by the names that experiments use. */
enum DepthwiseImplementation {
    /** What networks compute with: for every layer what the planner chooses. */
    OURS(null),
    /** The direct algorithm for every layer. */
    DIRECT(Algorithm.DIRECT),
    /** The Fourier transform for every layer that it can compute. */
    FFT(Algorithm.FFT);

    private final Algorithm algorithm;

    DepthwiseImplementation(Algorithm algorithm) {
        this.algorithm = algorithm;
    }

    static DepthwiseImplementation of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown(
                        "implementation",
                        name,
                        Arrays.stream(values()).map(Object::toString).toList()));
    }

    /** Has every convolution computed so until the result is closed. */
    Scope use() {
        if (algorithm == null) {
            return () -> {};
        }
        Algorithm before = DepthwisePlanner.current().preferred();
        DepthwisePlanner.current().prefer(algorithm);
        return () -> DepthwisePlanner.current().prefer(before);
    }

    /** While open, an implementation is in use. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
