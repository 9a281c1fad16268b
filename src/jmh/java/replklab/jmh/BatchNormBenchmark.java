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
import replklab.tensor.BatchNormTerms;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormGradient;
import replklab.tensor.Tensor;

/** Batch norm with the ReLU after it, by the batch's own statistics. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchNormBenchmark {
    @Param({"12544x128", "784x512", "196x1024", "4096x32", "6272x8"})
    public String size;

    private Tensor x;
    private Tensor y;
    private Tensor dy;
    private Tensor dx;
    private Tensor dgamma;
    private Tensor dbeta;
    private BatchNormTerms terms;

    @Setup
    public void prepare() {
        String[] sizes = size.split("x", 2);
        int rows = Integer.parseInt(sizes[0]);
        int channels = Integer.parseInt(sizes[1]);
        x = Data.normal(rows, channels);
        y = Data.normal(rows, channels);
        dy = Data.normal(rows, channels);
        dx = Data.normal(rows, channels);
        dgamma = Data.normal(channels);
        dbeta = Data.normal(channels);
        terms = new BatchNormTerms(
                Data.normal(channels),
                Data.normal(channels),
                Data.normal(channels),
                Data.normal(channels),
                1e-5,
                Activation.RELU);
        forward();
    }

    @Benchmark
    public void forward() {
        Backend.run(new BatchNorm(x, terms, y));
    }

    @Benchmark
    public void gradient() {
        Backend.run(new BatchNormGradient(x, terms, dy, dx, dgamma, dbeta));
    }
}
