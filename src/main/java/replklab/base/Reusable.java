package replklab.base;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something made once and used often, such as weights in another layout, that can be made again: kept by {@link Reusables} until
 * memory is wanted for something else. Its users are counted, and it goes only when it has none:
 *
 * <pre>{@code
 * try (PreparedFilters filters = kept.use(key, make)) {
 *     ...
 * }
 * }</pre>
 */
public abstract class Reusable implements AutoCloseable {
    private static final Kept KEPT = new Kept();
    private static final int GONE = -1;

    static {
        NativeCaches.register(KEPT);
    }

    private final AtomicInteger users = new AtomicInteger();
    private volatile long lastUse = NativeCaches.now();
    private Runnable forget = () -> {};

    /** Bytes that {@link #free} gives back, about. */
    protected abstract long bytes();

    /** Gives the memory back. Nobody uses it then, and nobody will. */
    protected abstract void free();

    /** Counts one more user, who has to {@link #close} it, unless it is gone. */
    public final boolean use() {
        int before = users.get();
        while (before != GONE) {
            if (users.compareAndSet(before, before + 1)) {
                long now = NativeCaches.now();
                if (lastUse != now) {
                    lastUse = now;
                }
                return true;
            }
            before = users.get();
        }
        return false;
    }

    /** Counts one user less. */
    @Override
    public final void close() {
        users.decrementAndGet();
    }

    /**
     * Lets it go when memory is wanted; to be called by a user.
     *
     * @param newForget is run when it goes
     */
    final void keep(Runnable newForget) {
        forget = newForget;
        KEPT.add(this);
        NativeCaches.grown();
    }

    private boolean isIdle() {
        return users.get() == 0;
    }

    private void go() {
        if (users.compareAndSet(0, GONE)) {
            forget.run();
            free();
        }
    }

    /** All of them. They are not held: what their owner forgets is the garbage collector's. */
    private static final class Kept implements NativeCache {
        private final List<WeakReference<Reusable>> all = new ArrayList<>();
        private int sweepAt = 1000;

        synchronized void add(Reusable one) {
            if (all.size() >= sweepAt) {
                sweep();
                sweepAt = Math.max(1000, 2 * all.size());
            }
            all.add(new WeakReference<>(one));
        }

        private synchronized void sweep() {
            all.removeIf(reference -> {
                Reusable one = reference.get();
                return one == null || one.users.get() == GONE;
            });
        }

        private synchronized List<Reusable> idle() {
            List<Reusable> found = new ArrayList<>();
            for (WeakReference<Reusable> reference : all) {
                Reusable one = reference.get();
                if (one != null && one.isIdle()) {
                    found.add(one);
                }
            }
            return found;
        }

        @Override
        public long bytes() {
            return idle().stream().mapToLong(Reusable::bytes).sum();
        }

        @Override
        public long oldest(boolean alsoRecent) {
            return idle().stream().mapToLong(one -> one.lastUse).min().orElse(Long.MAX_VALUE);
        }

        @Override
        public void evict(long then, boolean alsoRecent) {
            for (Reusable one : idle()) {
                if (one.lastUse <= then) {
                    one.go();
                }
            }
            sweep();
        }
    }
}
