package replklab.bench;

import java.time.Duration;

/** One implementation in one of its variants, ready to be measured. Each call may throw {@link LeftOutException}. */
public interface Contestant extends AutoCloseable {
    /** What rows call it: {@code ours}, {@code torch}, ... */
    String implementation();

    /** Which way of using it this is, such as a layout; the fastest way stands for the implementation. */
    String variant();

    /** The version, once a case was prepared; empty for our own. */
    String version();

    /**
     * Makes inputs, weights and outputs of a case.
     *
     * @param patience longer than this it may not take, compiling included
     */
    void prepare(BenchCase what, Duration patience);

    /** Computes the prepared case {@code times} times and tells how many milliseconds each took. */
    double[] run(int times);

    /** Whether the last {@link #run} was still being compiled, so that the next one may be much faster. */
    boolean isSettling();

    /** Starts the measurement of peak memory anew. */
    void resetPeak();

    /** What is known of the prepared case beside the time. */
    Description describe();

    /** Frees what was prepared. */
    void drop();

    @Override
    void close();
}
