package replklab.conv;

import java.lang.foreign.MemorySegment;

/** Refuses memory that unchecked vector code must never see. */
final class SegmentChecks {
    private static final Thread ANY_THREAD = Thread.ofPlatform().unstarted(() -> {});

    private SegmentChecks() {}

    /** Throws unless {@code segment} is live native memory of at least {@code floats} floats. */
    static void require(String name, MemorySegment segment, long floats) {
        if (segment == null) {
            throw new IllegalArgumentException(name + " is missing (null)");
        }
        if (!segment.isNative()) {
            throw new IllegalArgumentException(name + " lies on the Java heap; native memory is needed");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalArgumentException(name + " was closed: its memory is no longer valid");
        }
        if (!segment.isAccessibleBy(ANY_THREAD)) {
            throw new IllegalArgumentException(
                    name + " is confined to one thread; use a shared or automatic arena, several threads work on it");
        }
        long needed = floats * Float.BYTES;
        if (segment.byteSize() < needed) {
            throw new IllegalArgumentException(
                    name + " has " + segment.byteSize() + " bytes; the shape needs " + needed);
        }
    }

    /** Throws if the first {@code outFloats} floats of {@code out} overlap the first {@code inFloats} of {@code in}. */
    static void requireApart(
            String inName, MemorySegment in, long inFloats, String outName, MemorySegment out, long outFloats) {
        long inStart = in.address();
        long outStart = out.address();
        if (inStart < outStart + outFloats * Float.BYTES && outStart < inStart + inFloats * Float.BYTES) {
            throw new IllegalArgumentException(outName + " overlaps " + inName + " in memory");
        }
    }

    static void requireForward(
            ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        require("x", x, s.inputSize());
        require("w", w, s.filterSize());
        require("y", y, s.outputSize());
        if (epilogue == null) {
            throw new IllegalArgumentException("the epilogue is missing (null); Epilogue.NONE does nothing");
        }
        if (epilogue.bias() != null) {
            require("bias", epilogue.bias(), s.channels());
            requireApart("bias", epilogue.bias(), s.channels(), "y", y, s.outputSize());
        }
        requireApart("x", x, s.inputSize(), "y", y, s.outputSize());
        requireApart("w", w, s.filterSize(), "y", y, s.outputSize());
    }

    static void requireInputGradient(ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        require("dy", dy, s.outputSize());
        require("w", w, s.filterSize());
        require("dx", dx, s.inputSize());
        requireApart("dy", dy, s.outputSize(), "dx", dx, s.inputSize());
        requireApart("w", w, s.filterSize(), "dx", dx, s.inputSize());
    }

    static void requireWeightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        require("x", x, s.inputSize());
        require("dy", dy, s.outputSize());
        require("dw", dw, s.filterSize());
        requireApart("x", x, s.inputSize(), "dw", dw, s.filterSize());
        requireApart("dy", dy, s.outputSize(), "dw", dw, s.filterSize());
    }

    static void requireGradients(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment dy,
            MemorySegment w,
            MemorySegment dx,
            MemorySegment dw) {
        requireInputGradient(s, dy, w, dx);
        requireWeightGradient(s, x, dy, dw);
        requireApart("x", x, s.inputSize(), "dx", dx, s.inputSize());
        requireApart("w", w, s.filterSize(), "dw", dw, s.filterSize());
        requireApart("dx", dx, s.inputSize(), "dw", dw, s.filterSize());
    }
}
