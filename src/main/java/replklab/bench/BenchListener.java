package replklab.bench;

/** Hears how a benchmark gets on. */
public interface BenchListener {
    /** It begins; {@code kept} of the cases were measured by an earlier call. */
    default void begin(int cases, int kept) {}

    /** What happens now, such as {@code "4x64x56x56 K=31 forward: torch channels_last"}. */
    default void status(String text) {}

    /**
     * A case is finished.
     *
     * @param done the share of all work that is done, 0 to 1
     */
    default void finished(BenchCase what, CaseResult result, double done) {}

    /** Something the user should know. */
    default void notice(String text) {}
}
