package replklab.bench;

import java.time.Duration;
import replklab.base.UsageException;

/**
 * How long to measure.
 *
 * @param rounds everybody gets this many turns, one after the other
 * @param turnMs how long a turn takes at least; a slow call makes it longer
 * @param warmUpMs warming up ends here, unless the calls still become much faster
 * @param patienceMs warming up ends here in any case; a single call that takes longer counts
 * @param slowMs calls so slow that all rounds would take longer than this get fewer rounds, at least one
 * @param preparing a case must be ready to run after this; PyTorch compiles a training step of RepLKNet-31B for a quarter of an hour
 * @param nd4jColumns ND4J unfolds an image into columns; it is left out where these take more bytes
 * @param processes how many processes each of ours has: what differs from one to the next, where arrays lie or what was compiled,
 *     then shows as spread instead of deciding a row
 */
public record Effort(
        int rounds,
        double turnMs,
        double warmUpMs,
        double patienceMs,
        double slowMs,
        Duration preparing,
        long nd4jColumns,
        int processes) {
    /** Convolutions, for results that are kept. */
    public static final Effort CONV = new Effort(7, 80, 1_500, 8_000, 10_000, Duration.ofMinutes(2), 4L << 30, 3);
    /** Convolutions, for a first look. */
    public static final Effort CONV_QUICK = new Effort(5, 25, 300, 5_000, 1_000, Duration.ofMinutes(1), 128L << 20, 1);
    /** Networks, for results that are kept. */
    public static final Effort MODEL = new Effort(5, 1_500, 8_000, 30_000, 80_000, Duration.ofMinutes(3), 0, 2);
    /** Networks, for a first look. */
    public static final Effort MODEL_QUICK = new Effort(3, 300, 1_500, 10_000, 3_000, Duration.ofMinutes(2), 0, 1);

    /** Reading images, for results that are kept. */
    public static final Effort DATA = new Effort(7, 2_000, 5_000, 30_000, 80_000, Duration.ofMinutes(3), 0, 1);
    /** Reading images, for a first look. */
    public static final Effort DATA_QUICK = new Effort(3, 500, 2_000, 20_000, 10_000, Duration.ofMinutes(2), 0, 1);

    public Effort {
        UsageException.requireAtLeast("rounds", rounds, 1);
    }

    /** The same with another number of rounds. */
    public Effort withRounds(int count) {
        return new Effort(count, turnMs, warmUpMs, patienceMs, slowMs, preparing, nd4jColumns, processes);
    }
}
