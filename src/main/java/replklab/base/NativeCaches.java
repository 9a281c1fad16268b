package replklab.base;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One budget in bytes for everything that is kept because it may be wanted again: the memory of closed tapes, prepared weights,
 * compiled products, transforms, scratch memory. What was not used for longest goes first; what is in use stays.
 *
 * <p>The budget is a quarter of {@link NativeMemory#limit}, or the system property {@value #PROPERTY}: a number with k, m or g
 * behind it.
 */
public final class NativeCaches {
    /** Name of the system property that sets the budget. */
    public static final String PROPERTY = "replklab.cache";

    private static final List<NativeCache> CACHES = new CopyOnWriteArrayList<>();
    private static final AtomicLong NOW = new AtomicLong();
    private static volatile long budget = budget(System.getProperty(PROPERTY));

    private NativeCaches() {}

    /** The bytes that a setting asks for; null is none. */
    static long budget(String setting) {
        if (setting == null) {
            return NativeMemory.limit() / 4;
        }
        int shift = setting.isEmpty() ? -1 : "kmg".indexOf(Character.toLowerCase(setting.charAt(setting.length() - 1)));
        String digits = shift < 0 ? setting : setting.substring(0, setting.length() - 1);
        if (!digits.matches(shift < 0 ? "\\d{1,15}" : "\\d{1,8}")) {
            throw new UsageException("-D" + PROPERTY + "=" + setting
                    + ": must be a number of bytes, perhaps with k, m or g behind it, such as 512m");
        }
        return Long.parseLong(digits) << (10 * (shift + 1));
    }

    /** Adds a cache, for good. */
    public static void register(NativeCache cache) {
        CACHES.add(cache);
    }

    /** A time that goes on when a cache grows or a tape is opened: what was used later has a higher one. */
    public static long now() {
        return NOW.get();
    }

    /** Lets the time go on, and returns it. */
    public static long tick() {
        return NOW.incrementAndGet();
    }

    /** Bytes kept that nobody uses at the moment. */
    public static long bytes() {
        long sum = 0;
        for (NativeCache cache : CACHES) {
            sum += cache.bytes();
        }
        return sum;
    }

    /** Bytes that may be kept. */
    public static long budget() {
        return budget;
    }

    /** Sets the bytes that may be kept, from now on; returns those before. */
    public static long setBudget(long bytes) {
        long before = budget;
        budget = bytes;
        return before;
    }

    /** Called by a cache, without any lock of its own, after it took new memory: what is beyond the budget goes. */
    public static void grown() {
        tick();
        while (bytes() > budget && evictOldest(false)) {
            // until it fits, or all that is left may be wanted at once
        }
    }

    /** Gives back what is kept until so many more bytes stay below the limit. */
    static void makeRoom(long more) {
        while (NativeMemory.used() + more > NativeMemory.limit() && evictOldest(true)) {
            // until they do, or nothing is left
        }
    }

    /** Whether there was something. */
    private static synchronized boolean evictOldest(boolean all) {
        long oldest = Long.MAX_VALUE;
        for (NativeCache cache : CACHES) {
            oldest = Math.min(oldest, cache.oldest(all));
        }
        if (oldest == Long.MAX_VALUE) {
            return false;
        }
        long before = bytes();
        for (NativeCache cache : CACHES) {
            cache.evict(oldest, all);
        }
        return bytes() < before;
    }

    /** Gives back everything that nobody uses. */
    static void empty() {
        for (NativeCache cache : CACHES) {
            cache.evict(Long.MAX_VALUE, true);
        }
    }
}
