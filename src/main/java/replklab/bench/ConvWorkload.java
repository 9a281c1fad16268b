package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import replklab.base.NativeMemory;
import replklab.conv.ConvolutionShape;
import replklab.conv.DepthwiseConvolution;
import replklab.conv.DepthwisePass;
import replklab.conv.Epilogue;

/** One of our depthwise convolutions. */
final class ConvWorkload implements Workload {
    private final DepthwiseConvolution convolution;

    ConvWorkload(DepthwiseConvolution convolution) {
        this.convolution = convolution;
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public Prepared prepare(BenchCase what, JsonNode told) {
        ConvCase wanted = (ConvCase) what;
        ConvolutionShape shape = wanted.depthwise();
        RandomGenerator random = new SplittableRandom(1);
        MemorySegment x = filled(shape.inputSize(), random);
        MemorySegment w = filled(shape.filterSize(), random);
        MemorySegment y = empty(shape.outputSize());
        Runnable pass = wanted.pass() == Pass.FORWARD
                ? () -> convolution.forward(shape, x, w, Epilogue.NONE, y)
                : step(shape, x, w, y);
        return new Prepared() {
            @Override
            public void run() {
                pass.run();
            }

            @Override
            public String plan() {
                String forward = convolution.algorithm(shape, DepthwisePass.FORWARD);
                return wanted.pass() == Pass.FORWARD
                        ? forward
                        : forward + ", gradients " + convolution.algorithm(shape, DepthwisePass.GRADIENTS);
            }
        };
    }

    private Runnable step(ConvolutionShape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
        MemorySegment dy = filled(shape.outputSize(), new SplittableRandom(2));
        MemorySegment dx = empty(shape.inputSize());
        MemorySegment dw = empty(shape.filterSize());
        return () -> {
            convolution.forward(shape, x, w, Epilogue.NONE, y);
            convolution.gradients(shape, x, dy, w, dx, dw);
        };
    }

    private static MemorySegment empty(long floats) {
        return NativeMemory.allocate(floats * Float.BYTES); // where tensors lie, too
    }

    private static MemorySegment filled(long floats, RandomGenerator random) {
        MemorySegment segment = empty(floats);
        for (long i = 0; i < floats; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
        }
        return segment;
    }
}
