package replklab.base;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Small things worked out once, such as how a shape is cut into blocks: kept by key until memory is wanted for something else.
 * Whoever holds one may go on using it; the garbage collector frees it afterwards.
 *
 * @param <K> what it is
 * @param <V> what was worked out
 */
public final class Remembered<K, V> implements NativeCache {
    private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Function<K, V> make;
    private final ToLongFunction<V> size;

    private static final class Entry<V> {
        final V value;
        volatile long lastUse;

        Entry(V value) {
            this.value = value;
        }
    }

    /**
     * @param make works a value out; may be called twice for a key, and must come to the same
     * @param size bytes of a value, about
     */
    public Remembered(Function<K, V> make, ToLongFunction<V> size) {
        this.make = make;
        this.size = size;
        NativeCaches.register(this);
    }

    /** The value of a key. */
    public V of(K key) {
        Entry<V> found = entries.get(key);
        if (found == null) {
            return added(key);
        }
        long now = NativeCaches.now();
        if (found.lastUse != now) {
            found.lastUse = now;
        }
        return found.value;
    }

    private V added(K key) {
        Entry<V> fresh = new Entry<>(make.apply(key));
        Entry<V> other = entries.putIfAbsent(key, fresh);
        if (other != null) {
            return other.value;
        }
        bytes.addAndGet(size.applyAsLong(fresh.value));
        fresh.lastUse = NativeCaches.tick();
        NativeCaches.grown();
        return fresh.value;
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    @Override
    public long oldest(boolean all) {
        return entries.values().stream().mapToLong(entry -> entry.lastUse).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public void evict(long then, boolean all) {
        entries.forEach((key, entry) -> {
            if (entry.lastUse <= then && entries.remove(key, entry)) {
                bytes.addAndGet(-size.applyAsLong(entry.value));
            }
        });
    }
}
