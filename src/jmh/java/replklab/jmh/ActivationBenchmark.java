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
import replklab.tensor.ElementwiseOperation.Activate;
import replklab.tensor.ElementwiseOperation.ActivationGradient;
import replklab.tensor.Tensor;

/** Activations and their gradients. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ActivationBenchmark {
    @Param({"GELU", "RELU"})
    public Activation activation;

    @Param({"6422528"})
    public int elements;

    private Tensor x;
    private Tensor y;
    private Tensor dy;

    @Setup
    public void prepare() {
        x = Data.normal(elements);
        y = Data.normal(elements);
        dy = Data.normal(elements);
    }

    @Benchmark
    public void forward() {
        Backend.run(new Activate(activation, x, y));
    }

    @Benchmark
    public void gradient() {
        Backend.run(new ActivationGradient(activation, x, dy, y));
    }
}
