package replklab.jmh;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import replklab.conv.ConvolutionShape;
import replklab.conv.DepthwiseConvolution;
import replklab.conv.DirectDepthwise;
import replklab.conv.Epilogue;
import replklab.conv.FftDepthwise;

/** Each pass of the depthwise convolutions at the maps of RepLKNet's stages, batch 4. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DepthwiseBenchmark {
    @Param({"64x56", "128x28", "256x14", "512x7"})
    public String map;

    @Param({"3", "7", "13", "31"})
    public int kernel;

    @Param({"direct", "fft"})
    public String algorithm;

    private DepthwiseConvolution convolution;
    private ConvolutionShape shape;
    private MemorySegment x;
    private MemorySegment w;
    private MemorySegment y;
    private MemorySegment dy;
    private MemorySegment dx;
    private MemorySegment dw;

    @Setup
    public void prepare() {
        String[] sizes = map.split("x", 2);
        int channels = Integer.parseInt(sizes[0]);
        int side = Integer.parseInt(sizes[1]);
        shape = new ConvolutionShape(4, side, side, channels, kernel, 1, 1);
        convolution = switch (algorithm) {
            case "direct" -> new DirectDepthwise();
            case "fft" -> new FftDepthwise();
            default -> throw new IllegalArgumentException(algorithm);
        };
        x = Data.normal(4, side, side, channels).memory();
        w = Data.normal(kernel, kernel, channels).memory();
        dy = Data.normal(4, side, side, channels).memory();
        y = Data.normal(4, side, side, channels).memory();
        dx = Data.normal(4, side, side, channels).memory();
        dw = Data.normal(kernel, kernel, channels).memory();
    }

    @Benchmark
    public void forward() {
        convolution.forward(shape, x, w, Epilogue.NONE, y);
    }

    @Benchmark
    public void inputGradient() {
        convolution.inputGradient(shape, dy, w, dx);
    }

    @Benchmark
    public void gradients() {
        convolution.gradients(shape, x, dy, w, dx, dw);
    }

    @Benchmark
    public void weightGradient() {
        convolution.weightGradient(shape, x, dy, dw);
    }
}
