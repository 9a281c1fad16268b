package replklab.tensor.device;

import java.util.Map;
import replklab.device.DeviceArray;
import replklab.device.Groups;
import replklab.tensor.Activation;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;
import replklab.tensor.Precision;
import replklab.tensor.Tensor;

/** Matrix products, and the pointwise convolutions that are nothing else. */
final class ProductLaunches {
    private static final int SIDE = 16;

    /** Groups that keep a card busy. */
    private static final int ENOUGH = 256;

    /** Terms of a sum from which on it may be cut. */
    private static final int LONG = 1024;

    private static final Launcher.Program PIECES = Launcher.Program.of("products.cl");

    private final Launcher launcher;
    private final SumLaunches sums;

    ProductLaunches(Launcher launcher, SumLaunches sums) {
        this.launcher = launcher;
        this.sums = sums;
    }

    /**
     * A product of two matrices, (m, k) and (k, n).
     *
     * @param aDown whether the first one lies transposed in memory, as (k, m)
     * @param bDown whether the second one does, as (n, k)
     */
    record Shape(int m, int n, int k, boolean aDown, boolean bDown) {}

    /** How a product of that shape is compiled. */
    static Launcher.Program program(Shape shape, Precision precision) {
        return new Launcher.Program(
                "products.cl",
                Map.of(
                        "TILE",
                        tile(shape),
                        "A_DOWN",
                        shape.aDown ? 1 : 0,
                        "B_DOWN",
                        shape.bDown ? 1 : 0,
                        "ROUND",
                        precision == Precision.BF16 ? 1 : 0));
    }

    /** The larger tile reads half as much for each product, and is wasted on small matrices. */
    private static int tile(Shape shape) {
        return shape.m >= 256 && shape.n >= 96 ? 128 : 64;
    }

    /** c = a b, or that added to it. */
    void run(Shape shape, Precision precision, DeviceArray a, DeviceArray b, boolean add, DeviceArray c) {
        run(shape, precision, a, b, null, Activation.NONE, null, add, c);
    }

    /** c = activation(a b + bias) + residual, or that added to it. */
    void run(
            Shape shape,
            Precision precision,
            DeviceArray a,
            DeviceArray b,
            DeviceArray bias,
            Activation activation,
            DeviceArray residual,
            boolean add,
            DeviceArray c) {
        Launcher.Program program = program(shape, precision);
        int tile = tile(shape);
        int down = Math.ceilDiv(shape.m, tile);
        int across = Math.ceilDiv(shape.n, tile);
        boolean plain = bias == null && activation == Activation.NONE && residual == null;
        int pieces = plain ? pieces((long) down * across, shape.k) : 1;
        if (pieces == 1) {
            launch(program, shape, new Groups(down, across, 1, SIDE, SIDE), a, b, bias, activation, residual, add, c);
            return;
        }
        long elements = (long) shape.m * shape.n;
        try (Launcher.Scratch parts = launcher.scratch(pieces * elements)) {
            Groups groups = new Groups(down, across, pieces, SIDE, SIDE);
            launch(program, shape, groups, a, b, null, Activation.NONE, null, false, parts.array());
            launcher.run(PIECES, "add_pieces", Groups.of(elements), elements, pieces, parts.array(), add ? 1 : 0, c);
        }
    }

    /** Pieces of the terms: by the shape alone, so that the sums are the same on every device. */
    private static int pieces(long groups, int terms) {
        return Math.clamp(Math.min(ENOUGH / groups, terms / LONG), 1, 64);
    }

    private void launch(
            Launcher.Program program,
            Shape shape,
            Groups groups,
            DeviceArray a,
            DeviceArray b,
            DeviceArray bias,
            Activation activation,
            DeviceArray residual,
            boolean add,
            DeviceArray c) {
        launcher.run(
                program,
                "product",
                groups,
                shape.m,
                shape.n,
                shape.k,
                groups.z(),
                a,
                b,
                bias,
                KernelNumbers.of(activation),
                residual,
                add ? 1 : 0,
                c);
    }

    void run(Pointwise p) {
        Shape shape = new Shape(p.x().shape().rows(), p.w().size(0), p.w().size(1), false, true);
        run(
                shape,
                p.precision(),
                launcher.in(p.x()),
                launcher.in(p.w()),
                launcher.in(p.bias()),
                p.activation(),
                launcher.in(p.residual()),
                false,
                launcher.out(p.y()));
    }

    void run(PointwiseGradient g) {
        int rows = g.x().shape().rows();
        int out = g.w().size(0);
        int in = g.w().size(1);
        DeviceArray dy = launcher.in(g.dy());
        if (g.dx() != null) {
            run(
                    new Shape(rows, in, out, false, false),
                    g.precision(),
                    dy,
                    launcher.in(g.w()),
                    false,
                    launcher.out(g.dx()));
        }
        if (g.dw() != null) {
            run(
                    new Shape(out, in, rows, true, false),
                    g.precision(),
                    dy,
                    launcher.in(g.x()),
                    false,
                    launcher.out(g.dw()));
        }
        bias(g.dy(), g.dbias());
    }

    /** The gradient of a bias, if it is wanted: the sum over rows. */
    void bias(Tensor dy, Tensor dbias) {
        if (dbias != null) {
            sums.ofRows(dy, 1, 1, dbias);
        }
    }
}
