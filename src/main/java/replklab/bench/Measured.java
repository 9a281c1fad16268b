package replklab.bench;

import java.util.Map;

/**
 * What one implementation reached in one case.
 *
 * @param implementation {@code ours}, {@code torch}, ...
 * @param version its version; empty for our own
 * @param variant of a peer, the fastest way of using it, which the other components are about; ours is over all its processes
 * @param timing how long it took
 * @param description memory, plan, kinds of layers
 * @param variants the times of every way of using it, or of every process
 */
public record Measured(
        String implementation,
        String version,
        String variant,
        Timing timing,
        Description description,
        Map<String, Timing> variants) {}
