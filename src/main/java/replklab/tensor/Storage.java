package replklab.tensor;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.base.NativeMemory;
import replklab.device.DeviceArray;
import replklab.device.DeviceMemory;

/**
 * What several tensors may look at (a reshape does not copy): {@link Contents}, 64-byte aligned and a whole number of cache lines
 * long, under an identity. A storage that went back to its pool is refused from then on.
 *
 * <p>It counts who uses it: recorded operations that made it, recorded operations whose gradient will read it, and tensors
 * whose gradient it holds.
 */
final class Storage {
    private Contents contents; // null where nothing is computed
    private final boolean lent; // by a tape
    private Runnable remake;
    private boolean away;
    private Returned returned;
    private boolean frozen;
    private boolean kept;
    private int makers;
    private int readers;
    private int gradients;
    private long version;

    /** How a storage went back to its pool. */
    enum Returned {
        BY_CLOSING("belonged to a tape that is closed"),
        BY_BACKWARD("was made by an operation that a backward pass went through"),
        BY_BLOCK("was made in a block that is over");

        private final String how;

        Returned(String how) {
            this.how = how;
        }
    }

    private Storage(Contents contents, boolean lent) {
        this.contents = contents;
        this.lent = lent;
    }

    /** Fresh memory, which the garbage collector frees; its contents are zero. */
    static Storage allocate(long bytes) {
        return new Storage(Contents.collected(bytes), false);
    }

    /** Fresh memory for a pool to lend, which {@link #free} gives back; its contents are zero. */
    static Storage take(long bytes, AtomicLong account) {
        return new Storage(Contents.lent(bytes, account), true);
    }

    /** What a device will write: no memory is taken before. */
    static Storage unplaced(long bytes, boolean lent) {
        return new Storage(Contents.unplaced(bytes), lent);
    }

    /** Memory that belongs to somebody else, such as an array of ND4J's; {@code owner} is kept reachable by the segment. */
    static Storage of(MemorySegment memory) {
        return new Storage(Contents.shared(memory), false);
    }

    /** What stands for memory where nothing is computed: it cannot be read or written. */
    static Storage symbolic() {
        return new Storage(null, false);
    }

    /** Whether there are no contents, because the backend at work does not compute. */
    boolean isSymbolic() {
        return contents == null;
    }

    /** The bytes of {@code elements} floats, rounded up to cache lines. */
    static long bytesFor(long elements) {
        return Math.ceilDiv(elements * Float.BYTES, NativeMemory.ALIGNMENT) * NativeMemory.ALIGNMENT;
    }

    /** Host memory, to read and to write. */
    MemorySegment memory() {
        return contents().host();
    }

    /** Host memory, to read. */
    MemorySegment memoryToRead() {
        return contents().hostToRead();
    }

    /** A device's array, to read. */
    DeviceArray toRead(DeviceMemory device) {
        return contents().toRead(device);
    }

    /** A device's array, to write all of it. */
    DeviceArray toWrite(DeviceMemory device) {
        return contents().toWrite(device);
    }

    private Contents contents() {
        if (contents == null) {
            throw new LabException(
                    "a tensor's numbers are asked for while a network is only looked at (counted, written as"
                            + " ONNX), not computed: a layer that reads numbers in its forward pass cannot be");
        }
        if (returned != null) {
            throw new IllegalStateException("this tensor " + returned.how + ": its memory is in use for something else;"
                    + " read it before, name it in Tape.keep(), or keep a copy() made outside the tape");
        }
        return contents;
    }

    /** The device's memory that the contents were last written in; null for the host's. */
    DeviceMemory place() {
        return contents == null ? null : contents().place();
    }

    /** Others may write to the host's memory from now on, and read it at any time. */
    void share() {
        contents().share();
    }

    /** Lets those see what was written who look at host memory without asking. */
    void showToOthers() {
        if (contents != null && contents.isShared()) {
            contents.hostToRead();
        }
    }

    /** Takes over another's contents without the host, if they are on a device; whether they were. */
    boolean copyOnDevice(Storage other) {
        return contents().copyOnDevice(other.contents());
    }

    /** Exchanges contents with another of the same size without copying, if both are on a device; whether they were. */
    boolean exchangeOnDevice(Storage other) {
        Contents mine = contents();
        Contents others = other.contents();
        if (mine.place() == null || others.place() == null || mine.isShared() || others.isShared()) {
            return false;
        }
        contents = others;
        other.contents = mine;
        return true;
    }

    /** The same memory under a new, live identity: what the pool hands out. */
    Storage reissue() {
        return new Storage(contents, lent);
    }

    /** Whether the pool keeps host memory of it. */
    boolean isOfHost() {
        return contents.isLent();
    }

    /** Gives what a device has of it back to that. */
    void leaveDevice() {
        contents.leaveDevice();
    }

    /** Gives a pool's memory back to the system, for good; this storage went back to the pool before. */
    void free() {
        contents.free();
    }

    /** Says how to compute the contents again, from storages that are in use for as long as this one. */
    void remakeBy(Runnable computation) {
        remake = computation;
    }

    /** Whether nothing but a gradient waits for the contents, and they can be computed again for it. */
    boolean canWait() {
        return remake != null && !kept && gradients == 0;
    }

    /** Lets the memory go until {@link #comeBack}; under the identity that is returned, the pool takes it. */
    Storage goAway(Returned how) {
        away = true;
        returned = how;
        return new Storage(contents, lent);
    }

    /** Computes the contents again, in other memory of the same size. */
    void comeBack(Storage other) {
        away = false;
        returned = null;
        contents = other.contents;
        long before = version;
        Interrupts.runInOrder(remake); // half of them would pass for all
        version = before; // the same contents as ever
    }

    /** Whether it went away and has not come back. */
    boolean isAway() {
        return away;
    }

    /** Bytes of memory, whether it is here or away. */
    long bytes() {
        return contents.bytes();
    }

    /** Whether a tape lends this memory and takes it back. */
    boolean isPooled() {
        return lent;
    }

    boolean isReturned() {
        return returned != null;
    }

    void giveBack(Returned how) {
        returned = how;
    }

    /** Whether the contents were promised never to change again. */
    boolean isFrozen() {
        return frozen;
    }

    void freeze() {
        frozen = true;
    }

    /** Counts the changes of the contents, so that a gradient finds out when what it wants to read is no longer there. */
    long version() {
        return version;
    }

    void change() {
        version++;
    }

    /** Whether its tape must not give it back before it closes. */
    boolean isKept() {
        return kept;
    }

    void keep() {
        kept = true;
    }

    /** Whether anything but the tensors themselves still counts on the contents. */
    boolean isInUse() {
        return kept || readers > 0 || gradients > 0;
    }

    /** One more recorded operation has this as its output. */
    void made() {
        makers++;
    }

    boolean isMade() {
        return makers > 0;
    }

    /** One of the operations that made this was passed; whether it was the last. */
    boolean unmade() {
        return --makers == 0;
    }

    /** One more recorded operation's gradient will read this. */
    void reserve() {
        readers++;
    }

    void unreserve() {
        readers--;
    }

    /** How many tensors' gradient this is. */
    int gradients() {
        return gradients;
    }

    void refer() {
        gradients++;
    }

    /** One tensor less has this as its gradient; whether it was the last. */
    boolean unrefer() {
        return --gradients == 0;
    }
}
