package replklab.tensor;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the memory of closed tapes for the next ones, by exact size: training repeats the same shapes every step, so from
 * the second step on nothing is allocated. Contents are whatever was there before.
 */
final class MemoryPool {
    private final Map<Long, ArrayDeque<Storage>> free = new HashMap<>();
    private long allocatedBytes;

    /** Memory for {@code elements} floats; not zeroed. */
    Storage acquire(long elements) {
        return acquireBytes(Storage.bytesFor(elements));
    }

    /** Memory of so many bytes, a whole number of cache lines; not zeroed. */
    synchronized Storage acquireBytes(long bytes) {
        ArrayDeque<Storage> ready = free.get(bytes);
        if (ready != null && !ready.isEmpty()) {
            return ready.pop().reissue();
        }
        allocatedBytes += bytes;
        return Storage.allocate(bytes).reissue();
    }

    synchronized void release(Storage storage, Storage.Returned why) {
        free.computeIfAbsent(storage.memory().byteSize(), bytes -> new ArrayDeque<>())
                .push(storage);
        storage.giveBack(why);
    }

    /** Forgets all free memory, so that the garbage collector can return it: for a model of other shapes. */
    synchronized void clear() {
        free.values()
                .forEach(ready -> ready.forEach(
                        storage -> allocatedBytes -= storage.reissue().memory().byteSize()));
        free.clear();
    }

    /** Bytes handed out and free together. */
    synchronized long allocatedBytes() {
        return allocatedBytes;
    }
}
