package replklab.conv;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Runs every pass of both algorithms in a JVM of its own: prints the vector width, the largest error and a checksum. */
final class ConvProgram {
    private static final CRC32 CHECKSUM = new CRC32();
    private static double worst;

    /** Calls within which every kernel is compiled from its beginning on. */
    private static final int WARM_UP = 100;

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    /** Bytes of Java objects in the most wasteful call of a transform, each shape's most thrifty one counted. */
    private static long objects;

    private ConvProgram() {}

    public static void main(String[] args) {
        for (DepthwiseConvolution conv : new DepthwiseConvolution[] {new DirectDepthwise(), new FftDepthwise()}) {
            run(conv, new ConvolutionShape(3, 14, 13, 37, 9, 1, 1));
            run(conv, new ConvolutionShape(9, 7, 7, 16, 13, 1, 1));
            run(conv, new ConvolutionShape(1, 56, 56, 8, 31, 1, 1));
        }
        run(new DirectDepthwise(), new ConvolutionShape(3, 30, 31, 100, 3, 1, 1));
        run(new DirectDepthwise(), new ConvolutionShape(3, 30, 31, 100, 3, 2, 1));
        System.out.printf(
                "%d bits, error %.2e, checksum %x%n", Correlation.SPECIES.vectorBitSize(), worst, CHECKSUM.getValue());
        System.out.printf("%d bytes of Java objects a call%n", objects);
    }

    private static void run(DepthwiseConvolution conv, ConvolutionShape s) {
        try (Arena arena = Arena.ofShared()) {
            SplittableRandom random = new SplittableRandom(1);
            MemorySegment x = ConvMemory.random(arena, s.inputSize(), random);
            MemorySegment w = ConvMemory.random(arena, s.filterSize(), random);
            MemorySegment dy = ConvMemory.random(arena, s.outputSize(), random);
            MemorySegment y = ConvMemory.output(arena, s.outputSize());
            MemorySegment dx = ConvMemory.output(arena, s.inputSize());
            MemorySegment dw = ConvMemory.output(arena, s.filterSize());
            long fewest = Long.MAX_VALUE;
            for (int i = 0; i < WARM_UP; i++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                conv.forward(s, x, w, Epilogue.NONE, y);
                conv.gradients(s, x, dy, w, dx, dw);
                fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            if (conv instanceof FftDepthwise) {
                objects = Math.max(objects, fewest);
            }
            TextbookDepthwise textbook = new TextbookDepthwise(s, x, w, null, dy);
            note(y, textbook.y);
            note(dx, textbook.dx);
            note(dw, textbook.dw);
        }
    }

    private static void note(MemorySegment actual, double[] expected) {
        CHECKSUM.update(actual.asByteBuffer());
        double error = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual.getAtIndex(ValueLayout.JAVA_FLOAT, i) - expected[i]);
            error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        worst = Math.max(worst, error / largest);
    }
}
