package replklab.conv;

import java.lang.foreign.MemorySegment;
import replklab.base.NativeMemory;

/** Filters transformed once, for maps of one size and any batch: what an inference model keeps beside its weights. */
public final class FilterSpectra {
    private final DepthwiseShape shape;
    private final MemorySegment memory;

    private FilterSpectra(DepthwiseShape shape, MemorySegment memory) {
        this.shape = shape;
        this.memory = memory;
    }

    static FilterSpectra allocate(DepthwiseShape shape, long bytes) {
        return new FilterSpectra(shape.withBatch(1), NativeMemory.allocate(bytes));
    }

    MemorySegment memory() {
        return memory;
    }

    void requireFor(DepthwiseShape s) {
        if (!s.withBatch(1).equals(shape)) {
            throw new IllegalArgumentException("filters were prepared for " + shape + ", not for " + s);
        }
    }
}
