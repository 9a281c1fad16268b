package replklab.base;

/** Something that keeps memory which can be taken or computed again. {@link NativeCaches} decides what has to go. */
public interface NativeCache {
    /** Bytes kept that nobody uses at the moment. */
    long bytes();

    /**
     * When the longest unused part that may go was last used, in terms of {@link NativeCaches#now}; {@link Long#MAX_VALUE} if there
     * is none.
     *
     * @param all whether even that may go which will probably be used again at once
     */
    long oldest(boolean all);

    /**
     * Gives back what was last used then or before and is not in use.
     *
     * @param all as for {@link #oldest}
     */
    void evict(long then, boolean all);
}
