package replklab.conv;

import static replklab.conv.ConvMemory.assertClose;
import static replklab.conv.ConvMemory.output;
import static replklab.conv.ConvMemory.random;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Two parallel kernels on random numbers, and what the textbook makes of them. */
final class KernelPair {
    final ConvolutionShape large;
    final ConvolutionShape small;
    final MemorySegment x;
    final MemorySegment wLarge;
    final MemorySegment wSmall;
    final MemorySegment dyLarge;
    final MemorySegment dySmall;
    final MemorySegment yLarge;
    final MemorySegment ySmall;
    final MemorySegment dx;
    final MemorySegment dwLarge;
    final MemorySegment dwSmall;

    KernelPair(ConvolutionShape large, ConvolutionShape small, Arena arena) {
        this.large = large;
        this.small = small;
        SplittableRandom random = new SplittableRandom(large.hashCode());
        x = random(arena, large.inputSize(), random);
        wLarge = random(arena, large.filterSize(), random);
        wSmall = random(arena, small.filterSize(), random);
        dyLarge = random(arena, large.outputSize(), random);
        dySmall = random(arena, large.outputSize(), random);
        yLarge = output(arena, large.outputSize());
        ySmall = output(arena, large.outputSize());
        dx = output(arena, large.inputSize());
        dwLarge = output(arena, large.filterSize());
        dwSmall = output(arena, small.filterSize());
    }

    void assertOutputs() {
        assertClose("large kernel's output", yLarge, textbookLarge().y);
        assertClose("small kernel's output", ySmall, textbookSmall().y);
    }

    /** The input's gradient is the sum of both. */
    void assertGradients() {
        TextbookDepthwise first = textbookLarge();
        TextbookDepthwise second = textbookSmall();
        double[] both = new double[first.dx.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = first.dx[i] + second.dx[i];
        }
        assertClose("input gradient", dx, both);
        assertClose("large kernel's gradient", dwLarge, first.dw);
        assertClose("small kernel's gradient", dwSmall, second.dw);
    }

    private TextbookDepthwise textbookLarge() {
        return new TextbookDepthwise(large, x, wLarge, null, dyLarge);
    }

    private TextbookDepthwise textbookSmall() {
        return new TextbookDepthwise(small, x, wSmall, null, dySmall);
    }
}
