package replklab.conv;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

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

    /** What a pass reads or writes: its name in messages, and the floats of its memory that the shape needs. */
    private record Operand(String name, MemorySegment memory, long floats) {
        void requireFit() {
            require(name, memory, floats);
        }

        void requireApartFrom(Operand other) {
            long start = memory.address();
            long otherStart = other.memory.address();
            if (otherStart < start + floats * Float.BYTES && start < otherStart + other.floats * Float.BYTES) {
                throw new IllegalArgumentException(name + " overlaps " + other.name + " in memory");
            }
        }
    }

    /** Throws unless everything is fit for use, and what is written shares no byte with anything else. */
    private static void require(List<Operand> reads, List<Operand> writes) {
        reads.forEach(Operand::requireFit);
        writes.forEach(Operand::requireFit);
        List<Operand> before = new ArrayList<>(reads);
        for (Operand written : writes) {
            before.forEach(written::requireApartFrom);
            before.add(written);
        }
    }

    static void requireForward(
            ConvolutionShape s, MemorySegment x, MemorySegment w, Epilogue epilogue, MemorySegment y) {
        if (epilogue == null) {
            throw new IllegalArgumentException("the epilogue is missing (null); Epilogue.NONE does nothing");
        }
        List<Operand> reads = new ArrayList<>(List.of(input("x", s, x), filter("w", s, w)));
        if (epilogue.bias() != null) {
            reads.add(new Operand("bias", epilogue.bias(), s.channels()));
        }
        require(reads, List.of(output("y", s, y)));
    }

    static void requireForwardPair(
            ConvolutionShape large,
            ConvolutionShape small,
            MemorySegment x,
            MemorySegment wLarge,
            MemorySegment wSmall,
            MemorySegment yLarge,
            MemorySegment ySmall) {
        require(
                List.of(input("x", large, x), filter("wLarge", large, wLarge), filter("wSmall", small, wSmall)),
                List.of(output("yLarge", large, yLarge), output("ySmall", small, ySmall)));
    }

    static void requireInputGradient(ConvolutionShape s, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        require(List.of(output("dy", s, dy), filter("w", s, w)), List.of(input("dx", s, dx)));
    }

    static void requireWeightGradient(ConvolutionShape s, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        require(List.of(input("x", s, x), output("dy", s, dy)), List.of(filter("dw", s, dw)));
    }

    static void requireGradients(
            ConvolutionShape s,
            MemorySegment x,
            MemorySegment dy,
            MemorySegment w,
            MemorySegment dx,
            MemorySegment dw) {
        require(
                List.of(input("x", s, x), output("dy", s, dy), filter("w", s, w)),
                List.of(input("dx", s, dx), filter("dw", s, dw)));
    }

    static void requireGradientsPair(
            ConvolutionShape large,
            ConvolutionShape small,
            MemorySegment x,
            MemorySegment dyLarge,
            MemorySegment dySmall,
            MemorySegment wLarge,
            MemorySegment wSmall,
            MemorySegment dx,
            MemorySegment dwLarge,
            MemorySegment dwSmall) {
        require(
                List.of(
                        input("x", large, x),
                        output("dyLarge", large, dyLarge),
                        output("dySmall", small, dySmall),
                        filter("wLarge", large, wLarge),
                        filter("wSmall", small, wSmall)),
                List.of(input("dx", large, dx), filter("dwLarge", large, dwLarge), filter("dwSmall", small, dwSmall)));
    }

    private static Operand input(String name, ConvolutionShape s, MemorySegment memory) {
        return new Operand(name, memory, s.inputSize());
    }

    private static Operand filter(String name, ConvolutionShape s, MemorySegment memory) {
        return new Operand(name, memory, s.filterSize());
    }

    private static Operand output(String name, ConvolutionShape s, MemorySegment memory) {
        return new Operand(name, memory, s.outputSize());
    }
}
