package replklab.tensor;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import replklab.base.NativeCache;
import replklab.base.NativeCaches;

/**
 * Keeps the memory of closed tapes for the next ones, by exact size: training repeats the same shapes every step, so from
 * the second step on nothing is allocated. Contents are whatever was there before. Sizes that no tape took for a while go back
 * to the system when others need the room.
 */
final class MemoryPool implements NativeCache {
    /** By size, the one that was used longest ago first. */
    private final Map<Long, Shelf> shelves = new LinkedHashMap<>(16, 0.75f, true);

    private final AtomicLong taken = new AtomicLong();
    private long freeBytes;
    private long stepBegan;
    private long stepBeforeBegan;

    /** Free memory of one size. */
    private static final class Shelf {
        final ArrayDeque<Storage> free = new ArrayDeque<>();
        long lastUse;
    }

    MemoryPool() {
        NativeCaches.register(this);
    }

    /** Memory for {@code elements} floats; not zeroed. */
    Storage acquire(long elements) {
        return acquireBytes(Storage.bytesFor(elements));
    }

    /** Memory of so many bytes, a whole number of cache lines; not zeroed, but with assertions on, as in tests, full of NaN. */
    Storage acquireBytes(long bytes) {
        Storage ready = take(bytes);
        if (ready == null) {
            ready = Storage.take(bytes, taken);
            NativeCaches.grown();
        }
        Storage issued = ready.reissue();
        assert spoil(issued);
        return issued;
    }

    private static boolean spoil(Storage storage) {
        storage.memory().fill((byte) 0xFF);
        return true;
    }

    private synchronized Storage take(long bytes) {
        Shelf shelf = shelves.get(bytes);
        if (shelf == null) {
            return null;
        }
        shelf.lastUse = NativeCaches.now();
        if (shelf.free.isEmpty()) {
            return null;
        }
        freeBytes -= bytes;
        return shelf.free.pop();
    }

    /** What lies on a device goes back to that; this pool is of host memory. */
    void release(Storage storage, Storage.Returned why) {
        storage.leaveDevice();
        if (storage.isOfHost()) {
            keep(storage, why);
        } else {
            storage.giveBack(why);
        }
    }

    private synchronized void keep(Storage storage, Storage.Returned why) {
        Shelf shelf = shelves.computeIfAbsent(storage.bytes(), _ -> new Shelf());
        shelf.lastUse = NativeCaches.now();
        shelf.free.push(storage);
        freeBytes += storage.bytes();
        storage.giveBack(why);
    }

    /** What was used since the tape before this one is expected to be used again at once. */
    synchronized void tapeOpens() {
        stepBeforeBegan = stepBegan;
        stepBegan = NativeCaches.tick();
    }

    /** Bytes handed out and free together. */
    long takenBytes() {
        return taken.get();
    }

    @Override
    public synchronized long bytes() {
        return freeBytes;
    }

    @Override
    public synchronized long oldest(boolean all) {
        for (Shelf shelf : shelves.values()) {
            if (!shelf.free.isEmpty()) {
                return mayGo(shelf, all) ? shelf.lastUse : Long.MAX_VALUE;
            }
        }
        return Long.MAX_VALUE;
    }

    private boolean mayGo(Shelf shelf, boolean all) {
        return all || shelf.lastUse < stepBeforeBegan;
    }

    @Override
    public synchronized void evict(long then, boolean all) {
        for (Iterator<Shelf> each = shelves.values().iterator(); each.hasNext(); ) {
            Shelf shelf = each.next();
            if (shelf.lastUse > then || !mayGo(shelf, all)) {
                return; // those that follow were used later
            }
            for (Storage storage : shelf.free) {
                freeBytes -= storage.bytes();
                storage.free();
            }
            each.remove();
        }
    }
}
