package replklab.base;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Keeps what was made, by key, until memory is wanted for something else; then it is made again.
 *
 * @param <K> what it is: equal keys get the same object
 * @param <V> what is made
 */
public final class Reusables<K, V extends Reusable> {
    private final Map<K, V> made = new ConcurrentHashMap<>();

    /**
     * The object for a key, made if there is none; the caller closes it after use.
     *
     * @param make may ask for other keys, but not for the same
     */
    public V use(K key, Function<K, V> make) {
        V found = made.get(key);
        while (found == null || !found.use()) {
            found = making(key, make);
        }
        return found;
    }

    /** One that is there now, or was a moment ago. */
    private V making(K key, Function<K, V> make) {
        V fresh;
        synchronized (this) {
            V found = made.get(key);
            if (found != null && found.use()) {
                found.close();
                return found;
            }
            fresh = make.apply(key);
            fresh.use(); // so that it is not the first to go
            made.put(key, fresh);
        }
        V kept = fresh;
        kept.keep(() -> made.remove(key, kept));
        kept.close();
        return kept;
    }
}
