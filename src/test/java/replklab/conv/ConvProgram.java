package replklab.conv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.management.JMException;
import javax.management.ObjectName;

/** Runs every pass of both algorithms in a JVM of its own: prints the vector width, the largest error and a checksum. */
final class ConvProgram {
    private static final CRC32 CHECKSUM = new CRC32();
    private static double worst;

    /** Calls after which every kernel is compiled from its beginning on. */
    private static final int WARM_UP = 20;

    private ConvProgram() {}

    public static void main(String[] args) throws JMException {
        for (DepthwiseConvolution conv : new DepthwiseConvolution[] {new DirectDepthwise(), new FftDepthwise()}) {
            run(conv, new DepthwiseShape(3, 14, 13, 37, 9, 1, 1));
            run(conv, new DepthwiseShape(9, 7, 7, 16, 13, 1, 1));
            run(conv, new DepthwiseShape(1, 56, 56, 8, 31, 1, 1));
        }
        System.out.printf(
                "%d bits, error %.2e, checksum %x%n",
                CorrelationKernel.SPECIES.vectorBitSize(), worst, CHECKSUM.getValue());
        System.out.printf("largest kernel %d bytes%n", largestCode());
    }

    /**
     * Bytes of machine code of the largest of the transforms' kernels; of one compiled more than once (in the middle of its loop, too)
     * the smallest. The direct kernels tell nothing: entered in the middle of a loop, their sums come from the heap.
     */
    private static long largestCode() throws JMException {
        String compiled = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "compilerCodelist",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Matcher kernels = Pattern.compile("replklab\\.conv\\.((?:Butterflies|SpectrumKernels)\\.\\w+)\\("
                        + ".*\\[0x\\w+, 0x(\\w+) - 0x(\\w+)]")
                .matcher(compiled);
        Map<String, Long> sizes = new HashMap<>();
        while (kernels.find()) {
            long size = Long.parseLong(kernels.group(3), 16) - Long.parseLong(kernels.group(2), 16);
            sizes.merge(kernels.group(1), size, Math::min);
        }
        return Collections.max(sizes.values());
    }

    private static void run(DepthwiseConvolution conv, DepthwiseShape s) {
        try (Arena arena = Arena.ofShared()) {
            SplittableRandom random = new SplittableRandom(1);
            MemorySegment x = ConvMemory.random(arena, s.inputSize(), random);
            MemorySegment w = ConvMemory.random(arena, s.filterSize(), random);
            MemorySegment dy = ConvMemory.random(arena, s.outputSize(), random);
            MemorySegment y = ConvMemory.output(arena, s.outputSize());
            MemorySegment dx = ConvMemory.output(arena, s.inputSize());
            MemorySegment dw = ConvMemory.output(arena, s.filterSize());
            for (int i = 0; i < WARM_UP; i++) {
                conv.forward(s, x, w, Epilogue.NONE, y);
                conv.gradients(s, x, dy, w, dx, dw);
            }
            conv.forward(s, x, w, Epilogue.NONE, y);
            conv.gradients(s, x, dy, w, dx, dw);
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
