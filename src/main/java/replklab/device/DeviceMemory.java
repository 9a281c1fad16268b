package replklab.device;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A device's memory, and what of it is kept for the next ones who want it: by exact size, since training repeats the same
 * shapes. The queue is in order, so that an array may be lent again while kernels that use it still wait there.
 */
public final class DeviceMemory {
    private final Device device;
    private final long limit;
    private final Map<Long, ArrayDeque<DeviceBuffer>> free = new HashMap<>();
    private long lent;
    private long kept;
    private long collectAt;

    /** The memory of a device; there should be one such object each. */
    public DeviceMemory(Device device) {
        this.device = device;
        this.limit = device.memoryBytes();
        this.collectAt = limit / 16;
    }

    public Device device() {
        return device;
    }

    /** Bytes that somebody uses, or that the garbage collector has not found yet. */
    public synchronized long lentBytes() {
        return lent;
    }

    /** Bytes kept because they may be wanted again. */
    public synchronized long keptBytes() {
        return kept;
    }

    /**
     * An array of undefined contents.
     *
     * @throws DeviceMemoryException if there is no room for it, with nothing kept and what is lost collected
     */
    public DeviceArray take(long bytes) {
        if (lentBytes() + bytes > collectAt) {
            collect();
            collectAt = Math.max(lentBytes() * 3 / 2, lentBytes() + limit / 16);
        }
        DeviceBuffer buffer = kept(bytes);
        if (buffer == null) {
            buffer = allocate(bytes);
        }
        synchronized (this) {
            lent += bytes;
        }
        return new DeviceArray(this, buffer);
    }

    private synchronized DeviceBuffer kept(long bytes) {
        ArrayDeque<DeviceBuffer> shelf = free.get(bytes);
        if (shelf == null || shelf.isEmpty()) {
            return null;
        }
        kept -= bytes;
        return shelf.pop();
    }

    private DeviceBuffer allocate(long bytes) {
        try {
            return device.allocate(bytes);
        } catch (DeviceMemoryException full) {
            collect();
            release();
            try {
                return device.allocate(bytes);
            } catch (DeviceMemoryException still) {
                throw new DeviceMemoryException(device.name() + " has no room for " + bytes + " more bytes beside the "
                        + lentBytes() + " in use (it has " + limit + " in all): a smaller batch needs less");
            }
        }
    }

    /** Tensors that nobody closes a tape over are the garbage collector's, which does not see what hangs on them. */
    private static void collect() {
        System.gc();
        LockSupport.parkNanos(20_000_000); // the cleaner is a thread of its own
    }

    synchronized void giveBack(DeviceBuffer buffer) {
        lent -= buffer.bytes();
        kept += buffer.bytes();
        free.computeIfAbsent(buffer.bytes(), _ -> new ArrayDeque<>()).push(buffer);
    }

    /** Gives back to the device all that is kept. */
    public synchronized void release() {
        free.values().forEach(shelf -> shelf.forEach(DeviceBuffer::free));
        free.clear();
        kept = 0;
    }
}
