package replklab.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import replklab.base.UsageException;
import replklab.conv.DepthwiseConvolution;
import replklab.conv.DepthwiseShape;
import replklab.conv.Epilogue;

/**
 * Depthwise layers in a row and nothing between them, as the paper times them in table 1: each has filters of its own and takes
 * what the one before it put out.
 */
public final class DepthwiseChain {
    private static final long ALIGNMENT = 64;

    private final DepthwiseShape shape;
    private final MemorySegment input;
    private final List<MemorySegment> filters = new ArrayList<>();
    private final MemorySegment even;
    private final MemorySegment odd;

    /**
     * @param layers how many, at least 1
     * @param shape of each of them, stride 1
     * @param seed the images and the filters are drawn from it
     */
    public DepthwiseChain(int layers, DepthwiseShape shape, long seed) {
        if (layers < 1) {
            throw new UsageException("layers is " + layers + "; it must be at least 1");
        }
        if (shape.stride() != 1) {
            throw new UsageException("layers in a row have stride 1, not " + shape.stride());
        }
        this.shape = shape;
        SplittableRandom random = new SplittableRandom(seed);
        // Uniform values of variance 1, and of 1 / kernel² in the filters, so that no layer grows or shrinks the maps much.
        input = filled(shape.inputSize(), Math.sqrt(3), random);
        for (int i = 0; i < layers; i++) {
            filters.add(filled(shape.filterSize(), Math.sqrt(3) / shape.kernel(), random));
        }
        even = empty(shape.outputSize());
        odd = empty(shape.outputSize());
    }

    /** The shape of each layer. */
    public DepthwiseShape shape() {
        return shape;
    }

    /** Multiply-accumulates of all layers that meet a pixel of the maps, not the padding. */
    public long validMacs() {
        return filters.size() * shape.validMacs();
    }

    /** The forward pass through all layers. Gives the last layer's output, which the next call overwrites. */
    public MemorySegment forward(DepthwiseConvolution convolution) {
        MemorySegment x = input;
        for (int i = 0; i < filters.size(); i++) {
            MemorySegment y = i % 2 == 0 ? even : odd;
            convolution.forward(shape, x, filters.get(i), Epilogue.NONE, y);
            x = y;
        }
        return x;
    }

    private static MemorySegment empty(long floats) {
        return Arena.ofAuto().allocate(floats * Float.BYTES, ALIGNMENT);
    }

    private static MemorySegment filled(long floats, double bound, RandomGenerator random) {
        MemorySegment segment = empty(floats);
        for (long i = 0; i < floats; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (bound * (2 * random.nextFloat() - 1)));
        }
        return segment;
    }
}
