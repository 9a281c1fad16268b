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
}
