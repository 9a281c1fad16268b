package replklab.tensor.device;

import java.util.Map;
import java.util.TreeMap;
import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;
import replklab.device.DeviceArray;
import replklab.device.Groups;
import replklab.tensor.Activation;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwiseGradient;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.DepthwisePairGradient;

/** Depthwise convolutions of any odd kernel: tiled where a row of the image fits into local memory, else without tiles. */
final class DepthwiseLaunches {
    private static final int LANES = 32;
    private static final int ROWS = 8;

    /** Pixels of a row in local memory: 32 channels each, and two rows at once within CUDA's 48 KB. */
    private static final int LONGEST_LINE = 180;

    /** Taps of a row in registers at a time, at most. */
    private static final int CHUNK = 16;

    private static final int ENOUGH = 512;

    static final Launcher.Program PLAIN = new Launcher.Program("depthwise.cl", Map.of("PLAIN", 1));

    private final Launcher launcher;
    private final ProductLaunches products;

    DepthwiseLaunches(Launcher launcher, ProductLaunches products) {
        this.launcher = launcher;
        this.products = products;
    }

    /** What depthwise.cl is compiled to, beside a shape. */
    enum Form {
        FORWARD,
        FILTER,
        /** The gradient with respect to the input, of stride 1. */
        INPUT
    }

    /**
     * How a depthwise convolution is compiled.
     *
     * @param small taps of the pair's second filter, 0 for none
     */
    static Launcher.Program program(ConvolutionShape s, int small, Form form) {
        Map<String, Integer> constants = new TreeMap<>();
        constants.put("TAPS", s.kernel());
        constants.put("STRIDE", s.stride());
        constants.put("DILATION", s.dilation());
        constants.put("COLUMNS", columns(s, form));
        constants.put("PAIR", small == 0 ? 0 : form == Form.INPUT ? 2 : 1);
        constants.put("SMALL", small);
        constants.put("FLIP", form == Form.INPUT ? 1 : 0);
        if (form == Form.FILTER) {
            constants.put("FILTER", 1);
        } else {
            constants.put("CHUNK", Math.ceilDiv(s.kernel(), Math.ceilDiv(s.kernel(), CHUNK)));
        }
        return new Launcher.Program("depthwise.cl", constants);
    }

    /** Outputs of a row in registers: by the width, so that few are computed for nothing, and fewer beside many sums of taps. */
    private static int columns(ConvolutionShape s, Form form) {
        int most = form == Form.FILTER && s.kernel() > 31 ? 8 : 16;
        return s.outWidth() <= 8 ? Math.min(most, 8) : most;
    }

    /** Whether the tiled kernels can have this shape. */
    private static boolean isTiled(ConvolutionShape s) {
        return (16 - 1) * s.stride() + (s.kernel() - 1) * s.dilation() + 1 <= LONGEST_LINE;
    }

    void run(Depthwise d) {
        ConvolutionShape s = ConvolutionOperation.shape(d.x(), d.w().size(0), d.stride(), d.dilation());
        DeviceArray x = launcher.in(d.x());
        DeviceArray w = launcher.in(d.w());
        DeviceArray bias = launcher.in(d.bias());
        DeviceArray y = launcher.out(d.y());
        if (isTiled(s)) {
            tiled(s, 0, Form.FORWARD, d.activation(), x, w, bias, y, null, null, null);
        } else {
            plain("depthwise_plain", s.outputSize(), s, KernelNumbers.of(d.activation()), x, w, bias, y);
        }
    }

    void run(DepthwisePair p) {
        ConvolutionShape s = ConvolutionOperation.shape(p.x(), p.large().size(0), 1, 1);
        int small = requireSmaller(p.small().size(0), s);
        tiled(
                s,
                small,
                Form.FORWARD,
                Activation.NONE,
                launcher.in(p.x()),
                launcher.in(p.large()),
                null,
                launcher.out(p.yLarge()),
                null,
                launcher.in(p.small()),
                launcher.out(p.ySmall()));
    }

    void run(DepthwiseGradient g) {
        ConvolutionShape s = ConvolutionOperation.shape(g.x(), g.w().size(0), g.stride(), g.dilation());
        DeviceArray dy = launcher.in(g.dy());
        if (g.dx() != null) {
            DeviceArray w = launcher.in(g.w());
            DeviceArray dx = launcher.out(g.dx());
            if (s.stride() == 1 && isTiled(s)) {
                tiled(s, 0, Form.INPUT, Activation.NONE, dy, w, null, dx, null, null, null);
            } else {
                plain("depthwise_plain_input", s.inputSize(), s, dy, w, dx);
            }
        }
        if (g.dw() != null) {
            filters(s, 0, launcher.in(g.x()), dy, launcher.out(g.dw()), null, null);
        }
        products.bias(g.dy(), g.dbias());
    }

    void run(DepthwisePairGradient g) {
        ConvolutionShape s = ConvolutionOperation.shape(g.x(), g.large().size(0), 1, 1);
        int small = requireSmaller(g.small().size(0), s);
        DeviceArray dyLarge = launcher.in(g.dyLarge());
        DeviceArray dySmall = launcher.in(g.dySmall());
        if (g.dx() != null) {
            tiled(
                    s,
                    small,
                    Form.INPUT,
                    Activation.NONE,
                    dyLarge,
                    launcher.in(g.large()),
                    null,
                    launcher.out(g.dx()),
                    dySmall,
                    launcher.in(g.small()),
                    null);
        }
        DeviceArray x = launcher.in(g.x());
        if (g.dlarge() != null && g.dsmall() != null) {
            filters(s, small, x, dyLarge, launcher.out(g.dlarge()), dySmall, launcher.out(g.dsmall()));
        } else if (g.dlarge() != null) {
            filters(s, 0, x, dyLarge, launcher.out(g.dlarge()), null, null);
        } else if (g.dsmall() != null) {
            filters(s.withKernel(small), 0, x, dySmall, launcher.out(g.dsmall()), null, null);
        }
    }

    private static int requireSmaller(int small, ConvolutionShape large) {
        if (small > large.kernel()) {
            throw new UsageException("the small kernel of a pair has " + small + " taps a side, the large one "
                    + large.kernel() + "; the small one must not be the larger");
        }
        return small;
    }

    private void tiled(
            ConvolutionShape s,
            int small,
            Form form,
            Activation activation,
            DeviceArray x,
            DeviceArray w,
            DeviceArray bias,
            DeviceArray y,
            DeviceArray xSmall,
            DeviceArray wSmall,
            DeviceArray ySmall) {
        long across = (long) Math.ceilDiv(s.outWidth(), columns(s, form)) * Math.ceilDiv(s.channels(), LANES);
        launcher.run(
                program(s, small, form),
                "depthwise",
                new Groups(across, Math.ceilDiv(s.outHeight(), ROWS), s.batch(), LANES, ROWS),
                s.height(),
                s.width(),
                s.outHeight(),
                s.outWidth(),
                s.channels(),
                KernelNumbers.of(activation),
                x,
                w,
                bias,
                y,
                xSmall,
                wSmall,
                ySmall);
    }

    /** Gradients of the filters, and of the pair's second ones. */
    private void filters(
            ConvolutionShape s,
            int small,
            DeviceArray x,
            DeviceArray dy,
            DeviceArray dw,
            DeviceArray dySmall,
            DeviceArray dwSmall) {
        if (!isTiled(s)) {
            plainFilters(s, x, dy, dw);
            return;
        }
        int blocks = Math.ceilDiv(s.channels(), LANES);
        int taps = Math.ceilDiv(s.kernel(), ROWS);
        long rows = (long) s.batch() * s.height();
        int pieces = Math.clamp(rows / 4, 1, Math.max(1, ENOUGH / (blocks * taps)));
        try (Launcher.Scratch parts = launcher.scratch(pieces * s.filterSize());
                Launcher.Scratch partsSmall = launcher.scratch((long) pieces * small * small * s.channels())) {
            launcher.run(
                    program(s, small, Form.FILTER),
                    "depthwise_filter",
                    new Groups(blocks, taps, pieces, LANES, ROWS),
                    rows,
                    s.height(),
                    s.width(),
                    s.outHeight(),
                    s.outWidth(),
                    s.channels(),
                    x,
                    dy,
                    parts.array(),
                    dySmall,
                    partsSmall.array());
            add(s.filterSize(), pieces, parts, dw);
            if (small > 0) {
                add((long) small * small * s.channels(), pieces, partsSmall, dwSmall);
            }
        }
    }

    private void plainFilters(ConvolutionShape s, DeviceArray x, DeviceArray dy, DeviceArray dw) {
        int pieces = Math.min(s.batch(), 16);
        long elements = s.filterSize();
        try (Launcher.Scratch parts = launcher.scratch(pieces * elements)) {
            launcher.run(
                    PLAIN,
                    "depthwise_plain_filter",
                    new Groups(Math.ceilDiv(elements, (long) Groups.SIZE), pieces, 1, Groups.SIZE, 1),
                    elements,
                    s.batch(),
                    s.height(),
                    s.width(),
                    s.outHeight(),
                    s.outWidth(),
                    s.channels(),
                    s.kernel(),
                    s.stride(),
                    s.dilation(),
                    x,
                    dy,
                    parts.array());
            add(elements, pieces, parts, dw);
        }
    }

    private void add(long elements, int pieces, Launcher.Scratch parts, DeviceArray to) {
        launcher.run(
                Launcher.Program.of("products.cl"),
                "add_pieces",
                Groups.of(elements),
                elements,
                pieces,
                parts.array(),
                0,
                to);
    }

    private void plain(String function, long elements, ConvolutionShape s, Object... arguments) {
        Object[] all = new Object[arguments.length + 9];
        Object[] shape = {
            elements,
            s.height(),
            s.width(),
            s.outHeight(),
            s.outWidth(),
            s.channels(),
            s.kernel(),
            s.stride(),
            s.dilation()
        };
        System.arraycopy(shape, 0, all, 0, shape.length);
        System.arraycopy(arguments, 0, all, shape.length, arguments.length);
        launcher.run(PLAIN, function, Groups.of(elements), all);
    }
}
