package replklab.tensor;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import replklab.base.NativeMemory;
import replklab.base.NativePiece;
import replklab.device.DeviceArray;
import replklab.device.DeviceMemory;

/**
 * The numbers of a storage: in host memory, in a device's, or the same in both. They lie where they were written last; who wants
 * them elsewhere gets a copy, which is made once for as long as nobody writes. Whoever asks for host memory may write
 * there, unless he says that he only reads.
 */
final class Contents {
    /** Where the numbers are right. */
    private enum Newest {
        /** Nobody has written any: they are undefined. */
        NOWHERE,
        HOST,
        DEVICE,
        BOTH
    }

    private final long bytes;
    private final NativePiece piece; // null unless a pool lends host memory
    private MemorySegment host; // null until somebody wants the numbers there
    private DeviceArray array; // likewise
    private Newest newest;
    private boolean shared;

    private Contents(long bytes, MemorySegment host, NativePiece piece, Newest newest, boolean shared) {
        this.bytes = bytes;
        this.host = host;
        this.piece = piece;
        this.newest = newest;
        this.shared = shared;
    }

    /** Host memory that the garbage collector frees; zero. */
    static Contents collected(long bytes) {
        return new Contents(bytes, NativeMemory.allocate(bytes), null, Newest.HOST, false);
    }

    /** Host memory that a pool lends, and {@link #free} gives back; zero. */
    static Contents lent(long bytes, AtomicLong account) {
        NativePiece piece = NativeMemory.take(bytes, account);
        return new Contents(bytes, piece.memory(), piece, Newest.HOST, false);
    }

    /** Host memory that others write to without a word, so that no copy of it is trusted. */
    static Contents shared(MemorySegment memory) {
        return new Contents(memory.byteSize(), memory, null, Newest.HOST, true);
    }

    /** No memory before somebody wants it. */
    static Contents unplaced(long bytes) {
        return new Contents(bytes, null, null, Newest.NOWHERE, false);
    }

    long bytes() {
        return bytes;
    }

    /** Whether the host's memory is a pool's. */
    boolean isLent() {
        return piece != null;
    }

    /** Gives a pool's memory back to the system. */
    void free() {
        piece.free();
    }

    /** Others may write to the host's memory from now on. */
    void share() {
        shared = true;
    }

    boolean isShared() {
        return shared;
    }

    /** The device's memory that the numbers were last written in; null for the host's. */
    DeviceMemory place() {
        return newest == Newest.DEVICE ? array.memory() : null;
    }

    /** Host memory, to read and to write. */
    MemorySegment host() {
        // Without a device, that is all.
        return array == null && host != null ? host : toHost(Newest.HOST);
    }

    /** Host memory, to read: what a device has stays right. */
    MemorySegment hostToRead() {
        return array == null && host != null ? host : toHost(newest == Newest.DEVICE ? Newest.BOTH : newest);
    }

    private synchronized MemorySegment toHost(Newest after) {
        if (host == null) {
            host = NativeMemory.allocate(bytes);
        }
        if (newest == Newest.DEVICE) {
            array.memory().device().read(array.buffer(), host);
        }
        newest = after;
        return host;
    }

    /** The device's array with these numbers, to read. */
    synchronized DeviceArray toRead(DeviceMemory memory) {
        boolean copied = newest == Newest.HOST || (newest == Newest.BOTH && array.memory() != memory);
        if (newest == Newest.DEVICE && array.memory() != memory) {
            toHost(Newest.HOST); // across, from one device to the other
            copied = true;
        }
        place(memory);
        if (copied) {
            memory.device().write(host, array.buffer());
            newest = shared ? Newest.HOST : Newest.BOTH;
        }
        return array;
    }

    /** The device's array, to write all of it. */
    synchronized DeviceArray toWrite(DeviceMemory memory) {
        place(memory);
        newest = Newest.DEVICE;
        return array;
    }

    private void place(DeviceMemory memory) {
        if (array == null || array.memory() != memory) {
            leaveDevice();
            array = memory.take(bytes);
        }
    }

    /** Gives the device's array back; the numbers may go with it. */
    synchronized void leaveDevice() {
        if (array != null) {
            array.giveBack();
            array = null;
            newest = host == null ? Newest.NOWHERE : Newest.HOST;
        }
    }

    /** Takes over another's numbers without the host, if they are on a device; whether they were. */
    boolean copyOnDevice(Contents other) {
        DeviceMemory memory = other.array == null || other.newest == Newest.HOST ? null : other.array.memory();
        if (memory == null || shared) {
            return false;
        }
        DeviceArray from = other.toRead(memory);
        memory.device().copy(from.buffer(), toWrite(memory).buffer(), bytes);
        return true;
    }
}
