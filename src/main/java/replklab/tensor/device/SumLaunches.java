package replklab.tensor.device;

import java.util.Map;
import java.util.stream.IntStream;
import replklab.device.DeviceArray;
import replklab.device.Groups;
import replklab.tensor.Activation;
import replklab.tensor.Reduction;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** Sums over rows and over everything, and the loss, whose sum is one. */
final class SumLaunches {
    /** What sums.cl sums; the names are its own. */
    enum What {
        X,
        DEVIATION,
        PRODUCT,
        NORM,
        LAYER
    }

    private static final int LANES = 32;
    private static final int ROWS = 8;

    /** Rows that a work item adds one after the other before others' sums are added to it, about. */
    private static final int SERIES = 32;

    /** Groups that keep a large card busy. */
    private static final int ENOUGH = 1024;

    private final Launcher launcher;

    SumLaunches(Launcher launcher) {
        this.launcher = launcher;
    }

    static Launcher.Program program(What what) {
        return new Launcher.Program("sums.cl", Map.of("WHAT", what.name()));
    }

    /**
     * What is summed over rows.
     *
     * @param batches how many sums of rows there are, one after the other
     * @param x (batches, rows, channels), like {@code dy}; null for what is not read, here and below
     * @param mean of each channel, or of each row for a layer norm
     */
    record Summands(
            long batches,
            long rows,
            int channels,
            Activation activation,
            DeviceArray x,
            DeviceArray dy,
            DeviceArray mean,
            DeviceArray scale,
            DeviceArray gamma,
            DeviceArray beta) {
        static Summands of(Tensor x, long batches, DeviceArray xs, DeviceArray dys, DeviceArray mean) {
            int channels = x.shape().channels();
            return new Summands(
                    batches,
                    x.shape().elements() / channels / batches,
                    channels,
                    Activation.NONE,
                    xs,
                    dys,
                    mean,
                    null,
                    null,
                    null);
        }
    }

    /** Two sums for each batch and channel, times a factor; where {@code first} or {@code second} is null that one is left out. */
    void run(What what, Summands s, float factor, DeviceArray first, DeviceArray second) {
        int blocks = Math.ceilDiv(s.channels, LANES);
        int pieces = Math.clamp(s.rows / ((long) ROWS * SERIES), 1, (int) Math.max(1, ENOUGH / (blocks * s.batches)));
        try (Launcher.Scratch parts = launcher.scratch(2 * s.batches * pieces * s.channels)) {
            launcher.run(
                    program(what),
                    "sums",
                    new Groups(blocks, pieces, Math.toIntExact(s.batches), LANES, ROWS),
                    s.rows,
                    s.channels,
                    pieces,
                    KernelNumbers.of(s.activation),
                    s.x,
                    s.dy,
                    s.mean,
                    s.scale,
                    s.gamma,
                    s.beta,
                    parts.array());
            long elements = s.batches * s.channels;
            launcher.run(
                    program(What.X),
                    "total",
                    Groups.of(elements),
                    elements,
                    s.channels,
                    pieces,
                    parts.array(),
                    factor,
                    first,
                    second);
        }
    }

    /** y = the sums over each channel's rows of each of {@code batches}, times a factor. */
    void ofRows(Tensor x, long batches, float factor, Tensor y) {
        run(What.X, Summands.of(x, batches, launcher.in(x), null, null), factor, launcher.out(y), null);
    }

    /** y = the sums of x z. */
    void ofProducts(Tensor x, Tensor z, long batches, Tensor y) {
        run(What.PRODUCT, Summands.of(x, batches, launcher.in(x), launcher.in(z), null), 1, launcher.out(y), null);
    }

    /** A reduction, of which the last thousand numbers are added in double precision. */
    double run(Reduction reduction) {
        return switch (reduction) {
            case Reduction.Sum(var x) -> total(launcher.in(x), x.shape().elements(), false);
            case Reduction.SumOfSquares(var x) ->
                total(launcher.in(x), x.shape().elements(), true);
            case Reduction.CrossEntropy(var logits, var targets, var dlogits) -> {
                int rows = logits.shape().rows();
                try (Launcher.Scratch losses = launcher.scratch(rows)) {
                    float share = crossEntropy(logits, targets, losses.array(), launcher.out(dlogits));
                    yield total(losses.array(), rows, false) * share;
                }
            }
        };
    }

    private double total(DeviceArray x, long elements, boolean squares) {
        int groups = groups(elements);
        try (Launcher.Scratch parts = launcher.scratch(groups)) {
            partial(x, elements, squares, parts.array());
            double total = 0;
            for (float part : launcher.download(parts.array(), groups)) {
                total += part;
            }
            return total;
        }
    }

    /** A reduction whose result stays on the device. */
    void run(Reduction reduction, Tensor scalar) {
        switch (reduction) {
            case Reduction.Sum(var x) -> total(launcher.in(x), x.shape().elements(), false, 1, scalar);
            case Reduction.SumOfSquares(var x) ->
                total(launcher.in(x), x.shape().elements(), true, 1, scalar);
            case Reduction.CrossEntropy(var logits, var targets, var dlogits) -> {
                int rows = logits.shape().rows();
                try (Launcher.Scratch losses = launcher.scratch(rows)) {
                    float share = crossEntropy(logits, targets, losses.array(), launcher.out(dlogits));
                    total(losses.array(), rows, false, share, scalar);
                }
            }
        }
    }

    private void total(DeviceArray x, long elements, boolean squares, float factor, Tensor scalar) {
        int groups = groups(elements);
        try (Launcher.Scratch parts = launcher.scratch(groups)) {
            partial(x, elements, squares, parts.array());
            launcher.run(
                    program(What.X), "sum_few", Groups.each(1), groups, factor, parts.array(), launcher.out(scalar));
        }
    }

    private static int groups(long elements) {
        return Math.clamp(Math.ceilDiv(elements, (long) Groups.SIZE * SERIES), 1, ENOUGH);
    }

    private void partial(DeviceArray x, long elements, boolean squares, DeviceArray parts) {
        launcher.run(program(What.X), "sum_all", Groups.each(groups(elements)), elements, squares ? 1 : 0, x, parts);
    }

    /** Each row's loss, and the gradient of their mean; 1 over the number of rows that count, 0 if none does. */
    private float crossEntropy(Tensor logits, Targets targets, DeviceArray losses, DeviceArray dlogits) {
        int rows = logits.shape().rows();
        long counted = IntStream.range(0, rows).filter(targets::counts).count();
        float share = counted == 0 ? 0 : (float) (1.0 / counted);
        boolean classes = targets.labels() != null;
        try (Launcher.Scratch wanted =
                classes ? launcher.upload(targets.labels()) : launcher.upload(targets.distribution())) {
            launcher.run(
                    program(What.X),
                    "cross_entropy",
                    new Groups(rows, 1, 1, 64, 1),
                    logits.shape().channels(),
                    launcher.in(logits),
                    classes ? wanted.array() : null,
                    classes ? null : wanted.array(),
                    targets.ignored(),
                    targets.smoothing(),
                    share,
                    losses,
                    dlogits);
        }
        return share;
    }
}
