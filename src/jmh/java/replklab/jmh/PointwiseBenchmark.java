package replklab.jmh;

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
import replklab.tensor.Activation;
import replklab.tensor.Backend;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;
import replklab.tensor.Tensor;

/** Matrix products as RepLKNet-31B's pointwise convolutions have them: rows x inputs x outputs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PointwiseBenchmark {
    @Param({"12544x128x512", "12544x512x128", "784x512x2048", "784x2048x512", "196x1024x4096"})
    public String product;

    private Tensor x;
    private Tensor w;
    private Tensor bias;
    private Tensor y;
    private Tensor residual;
    private Tensor dx;
    private Tensor dw;
    private Tensor dbias;

    @Setup
    public void prepare() {
        String[] sizes = product.split("x", 3);
        int rows = Integer.parseInt(sizes[0]);
        int in = Integer.parseInt(sizes[1]);
        int out = Integer.parseInt(sizes[2]);
        x = Data.normal(rows, in);
        w = Data.normal(out, in);
        bias = Data.normal(out);
        y = Data.normal(rows, out);
        residual = Data.normal(rows, out);
        dx = Data.normal(rows, in);
        dw = Data.normal(out, in);
        dbias = Data.normal(out);
    }

    @Benchmark
    public void forward() {
        Backend.run(new Pointwise(x, w, bias, Activation.NONE, null, y));
    }

    @Benchmark
    public void forwardGelu() {
        Backend.run(new Pointwise(x, w, bias, Activation.GELU, null, y));
    }

    @Benchmark
    public void forwardResidual() {
        Backend.run(new Pointwise(x, w, bias, Activation.NONE, residual, y));
    }

    @Benchmark
    public void gradient() {
        Backend.run(new PointwiseGradient(x, w, residual, dx, dw, dbias));
    }
}
