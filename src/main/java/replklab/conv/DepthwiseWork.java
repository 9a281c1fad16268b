package replklab.conv;

/**
 * How much work a task is for an algorithm, counted from the shape: vector operations, of which a core does so many a
 * nanosecond ({@link DepthwiseCosts} knows how many).
 */
final class DepthwiseWork {
    /** Vector operations a point for taking rows apart or joining them, packing and unpacking included. */
    private static final double ROW_EDGE = 6;

    private static final double COLUMN_EDGE = 8;
    private static final double PRODUCT = 10;

    /** Vector operations to pack a pixel, and to write one. */
    private static final double PACK = 3;

    /** Of a call of a kernel: reading the bias, loops, the call itself. */
    private static final double CALL = 30;

    private DepthwiseWork() {}

    /** Work of a task by an algorithm that can compute it alone: direct, or fft. */
    static double of(DepthwiseTask task, Algorithm algorithm) {
        ConvolutionShape s = task.shape();
        double groups = Kernels.groups(s);
        return groups * (algorithm == Algorithm.FFT ? fft(task) : direct(s, task.pass()));
    }

    private static double direct(ConvolutionShape s, DepthwisePass pass) {
        if (WindowDepthwise.takes(s)) {
            return s.batch() * WindowDepthwise.work(s, CALL) * (pass == DepthwisePass.GRADIENTS ? 2 : 1);
        }
        return switch (pass) {
            case FORWARD, INPUT_GRADIENT -> s.batch() * correlation(s) + filters(s);
            case PREPARED_FORWARD -> s.batch() * correlation(s);
            case WEIGHT_GRADIENT -> s.batch() * weightGradient(s);
            case GRADIENTS -> s.batch() * (correlation(s) + weightGradient(s)) + filters(s);
        };
    }

    /** Packing the filters. */
    private static double filters(ConvolutionShape s) {
        return s.isDense() ? PACK * DenseCorrelation.of(s).filterTaps() : 0;
    }

    private static double correlation(ConvolutionShape s) {
        return (s.isDense() ? DenseCorrelation.of(s).work(CALL) : rowByRow(s)) + packing(s);
    }

    private static double weightGradient(ConvolutionShape s) {
        return (s.isDense() ? DenseWeightGradient.of(s).work(CALL) : rowByRow(s)) + packing(s);
    }

    /** Of {@link StridedDepthwise}, whichever pass it computes. */
    private static double rowByRow(ConvolutionShape s) {
        return (double) s.outHeight() * s.outWidth() * s.kernel() * BlockKind.ONE_ROW.cycles(8, s.kernel()) / 8;
    }

    private static double packing(ConvolutionShape s) {
        return PACK * ((double) s.height() * s.width() + (double) s.outHeight() * s.outWidth());
    }

    private static double fft(DepthwiseTask task) {
        ConvolutionShape s = task.shape();
        FourierGrid g = FourierGrid.of(s);
        int kernels = task.smallKernel() == 0 ? 1 : 2;
        double points = (double) g.frequencies() * g.periodY();
        double columns = points * (Radices.costPerPoint(g.periodY()) + COLUMN_EDGE);
        double rowPoint = Radices.costPerPoint(g.periodX()) + ROW_EDGE;
        double map = g.pairs() * g.periodX() * rowPoint + columns;
        double filters = 0;
        for (int kernel : new int[] {s.kernel(), task.smallKernel()}) {
            if (kernel > 0) {
                filters += (g.withKernel(kernel).tapsY() / 2 + 1) * g.periodX() * rowPoint + columns;
            }
        }
        double product = points * PRODUCT;
        return switch (task.pass()) {
            case FORWARD, INPUT_GRADIENT -> s.batch() * ((1 + kernels) * map + kernels * product) + filters;
            case PREPARED_FORWARD -> s.batch() * ((1 + kernels) * map + kernels * product);
            case WEIGHT_GRADIENT -> s.batch() * (2 * map + product) + filters;
            case GRADIENTS -> s.batch() * ((2 + kernels) * map + 2 * kernels * product) + 2 * filters;
        };
    }
}
