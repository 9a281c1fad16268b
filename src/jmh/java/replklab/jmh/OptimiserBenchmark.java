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
import replklab.tensor.Backend;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Tensor;

/** One step of an optimiser over all values of a tensor; the rate is zero, so that the values stay. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OptimiserBenchmark {
    @Param({"4194304"})
    public int elements;

    private Tensor w;
    private Tensor gradient;
    private Tensor first;
    private Tensor second;

    @Setup
    public void prepare() {
        w = Data.normal(elements);
        gradient = Data.normal(elements);
        first = Tensor.zeros(elements);
        second = Tensor.zeros(elements);
    }

    @Benchmark
    public void sgd() {
        Backend.run(new OptimiserStep.Sgd(w, gradient, first, 1, 0, 0.9f, 1e-4f));
    }

    @Benchmark
    public void adamW() {
        Backend.run(new OptimiserStep.AdamW(w, gradient, first, second, 1, 0, 0.9f, 0.999f, 1e-8f, 0.05f, 10));
    }
}
