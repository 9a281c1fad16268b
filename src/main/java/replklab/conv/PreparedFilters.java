package replklab.conv;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import replklab.base.NativeMemory;
import replklab.base.NativePiece;
import replklab.base.Reusable;

/**
 * Filters in the form that an algorithm reads them in, for maps of one size and any batch: what an inference model keeps
 * beside its weights. Their own layout is (kernel, kernel, channels), of which a group of channels touches a cache line a tap.
 */
public final class PreparedFilters extends Reusable {
    private final Algorithm algorithm;
    private final ConvolutionShape shape;
    private final long bytes;
    private final NativePiece memory;

    /**
     * Memory for them, to be filled in.
     *
     * @param algorithm whose form it is
     * @param shape of the maps, whatever the batch
     */
    PreparedFilters(Algorithm algorithm, ConvolutionShape shape, long bytes) {
        this.algorithm = algorithm;
        this.shape = shape.withBatch(1);
        this.memory = NativeMemory.take(bytes, new AtomicLong());
        this.bytes = bytes;
    }

    /** Whose form it is. */
    public Algorithm algorithm() {
        return algorithm;
    }

    MemorySegment memory() {
        return memory.memory();
    }

    @Override
    protected long bytes() {
        return bytes;
    }

    @Override
    protected void free() {
        memory.free();
    }

    void requireFor(Algorithm other, ConvolutionShape s) {
        if (algorithm != other || !s.withBatch(1).equals(shape)) {
            throw new IllegalArgumentException("filters were prepared for " + algorithm.label() + " and " + shape
                    + ", not for " + other.label() + " and " + s);
        }
    }
}
