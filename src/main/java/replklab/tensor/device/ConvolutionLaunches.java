package replklab.tensor.device;

import replklab.conv.ConvolutionShape;
import replklab.device.DeviceArray;
import replklab.device.Groups;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.ConvolutionGradient;
import replklab.tensor.Tensor;

/** Full convolutions, as products of the windows' rows with the filters; some images at a time, for the rows take room. */
final class ConvolutionLaunches {
    private static final Launcher.Program PROGRAM = Launcher.Program.of("products.cl");

    /** Elements of windows at a time: 64 MB. */
    private static final long ROOM = 16L << 20;

    private final Launcher launcher;
    private final ProductLaunches products;

    ConvolutionLaunches(Launcher launcher, ProductLaunches products) {
        this.launcher = launcher;
        this.products = products;
    }

    /** Some images: rows of windows, and the terms of each. */
    private record Part(int first, int images, int pixels, int terms) {
        int rows() {
            return images * pixels;
        }
    }

    private interface PartWork {
        void run(Part part, DeviceArray windows, DeviceArray pixels);
    }

    /**
     * Does something for some images after the other.
     *
     * @param pixels elements of the second array, for the output of one image
     */
    private static void forParts(Launcher launcher, ConvolutionShape s, int out, PartWork work) {
        int pixels = s.outHeight() * s.outWidth();
        int terms = s.kernel() * s.kernel() * s.channels();
        int images = Math.clamp(ROOM / Math.max(1, (long) pixels * terms), 1, s.batch());
        try (Launcher.Scratch windows = launcher.scratch((long) images * pixels * terms);
                Launcher.Scratch rows = launcher.scratch((long) images * pixels * out)) {
            for (int first = 0; first < s.batch(); first += images) {
                Part part = new Part(first, Math.min(images, s.batch() - first), pixels, terms);
                work.run(part, windows.array(), rows.array());
            }
        }
    }

    void run(Convolution c) {
        ConvolutionShape s = ConvolutionOperation.shape(c.x(), c.w().size(1), c.stride(), c.dilation());
        int out = c.w().size(0);
        DeviceArray x = launcher.in(c.x());
        DeviceArray w = launcher.in(c.w());
        DeviceArray bias = launcher.in(c.bias());
        DeviceArray y = launcher.out(c.y());
        forParts(launcher, s, out, (part, windows, rows) -> {
            windows(s, part, x, windows);
            boolean whole = part.images == s.batch();
            ProductLaunches.Shape shape = new ProductLaunches.Shape(part.rows(), out, part.terms, false, true);
            products.run(shape, c.precision(), windows, w, bias, c.activation(), null, false, whole ? y : rows);
            if (!whole) {
                move(part, out, rows, 0, y, part.first);
            }
        });
    }

    void run(ConvolutionGradient g) {
        ConvolutionShape s = ConvolutionOperation.shape(g.x(), g.w().size(1), g.stride(), g.dilation());
        int out = g.w().size(0);
        DeviceArray x = launcher.in(g.x());
        DeviceArray w = launcher.in(g.w());
        DeviceArray dy = launcher.in(g.dy());
        DeviceArray dx = launcher.out(g.dx());
        DeviceArray dw = launcher.out(g.dw());
        forParts(launcher, s, out, (part, windows, rows) -> {
            DeviceArray some = dy;
            if (part.images != s.batch()) {
                move(part, out, dy, part.first, rows, 0);
                some = rows;
            }
            if (dw != null) {
                windows(s, part, x, windows);
                ProductLaunches.Shape shape = new ProductLaunches.Shape(out, part.terms, part.rows(), true, false);
                products.run(shape, g.precision(), some, windows, part.first > 0, dw);
            }
            if (dx != null) {
                ProductLaunches.Shape shape = new ProductLaunches.Shape(part.rows(), part.terms, out, false, false);
                products.run(shape, g.precision(), some, w, false, windows);
                long elements = (long) part.images * s.height() * s.width() * s.channels();
                launch("windows_gradient", elements, s, part, windows, dx);
            }
        });
        bias(g.dy(), g.dbias());
    }

    private void bias(Tensor dy, Tensor dbias) {
        products.bias(dy, dbias);
    }

    private void windows(ConvolutionShape s, Part part, DeviceArray x, DeviceArray windows) {
        launch("windows", (long) part.rows() * part.terms, s, part, x, windows);
    }

    private void launch(
            String function, long elements, ConvolutionShape s, Part part, DeviceArray from, DeviceArray to) {
        launcher.run(
                PROGRAM,
                function,
                Groups.of(elements),
                elements,
                part.first,
                s.height(),
                s.width(),
                s.outHeight(),
                s.outWidth(),
                s.channels(),
                s.kernel(),
                s.stride(),
                s.dilation(),
                from,
                to);
    }

    /** Rows of some images from where one says to where one says, in images. */
    private void move(Part part, int out, DeviceArray from, int fromImage, DeviceArray to, int toImage) {
        long elements = (long) part.rows() * out;
        long inner = (long) part.pixels * out;
        launcher.run(
                ArrayLaunches.PROGRAM,
                "copy_axis",
                Groups.of(elements),
                elements,
                inner,
                part.images,
                part.images + fromImage,
                fromImage,
                part.images + toImage,
                toImage,
                from,
                to);
    }
}
