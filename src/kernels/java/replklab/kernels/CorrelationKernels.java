package replklab.kernels;

import static replklab.kernels.Source.at;
import static replklab.kernels.Source.load;

import java.util.List;

/**
 * The kernels of the direct algorithm: a block of neighbouring outputs, each the sum over a rectangle of taps of image times filter.
 *
 * <p>One method is one loop nest with its accumulators as locals: HotSpot keeps those in registers, while small helper methods around
 * vectors may be left out of line and box. At least eight accumulators hide the latency of two FMA units; two rows of outputs share
 * each loaded pixel, which keeps the load units from being the limit. Two rows of five fill AVX2's 16 registers, AVX-512 and NEON have 32.
 *
 * <p>There are two forms. <b>Rolled</b>, the loop over a row of taps counts with a step unknown to the compiler, so that HotSpot leaves
 * it as it is: unrolled, its loads need more registers than there are, and AVX2 code ran at a third of the speed. <b>Unrolled</b>, a
 * row's taps are written out, three to seven at a time, and cost nothing to start, which for small filters is half of the time. In
 * that order each pixel is an operand of its multiplication and takes no register: fourteen sums and one tap fit AVX2's 16.
 */
final class CorrelationKernels {
    private static final String PARAMETERS = "Steps s, int blocks, int rows, %sMemorySegment image, long imageAt,"
            + " MemorySegment filter, long filterAt, MemorySegment start, long startAt, MemorySegment out, long outAt";
    private static final String ARGUMENTS =
            "s, blocks, rows, %simage, imageAt, filter, filterAt, start, startAt, out, outAt";

    private static final List<Kernel> ALL = List.of(
            new Kernel(1, 4, 1),
            new Kernel(1, 7, 1),
            new Kernel(1, 8, 1),
            new Kernel(2, 3, 1),
            new Kernel(2, 4, 1),
            new Kernel(2, 5, 1),
            new Kernel(2, 7, 1),
            new Kernel(2, 8, 1),
            new Kernel(1, 4, 3),
            new Kernel(1, 7, 3),
            new Kernel(1, 4, 4),
            new Kernel(1, 7, 4),
            new Kernel(1, 4, 5),
            new Kernel(1, 7, 5),
            new Kernel(1, 4, 7),
            new Kernel(1, 7, 7),
            new Kernel(1, 10, 7),
            new Kernel(1, 14, 7));

    private CorrelationKernels() {}

    /**
     * One kernel.
     *
     * @param rows of outputs, 1 or 2
     * @param width outputs in a row
     * @param taps that are written out, 1 if there is a loop over them
     */
    private record Kernel(int rows, int width, int taps) {
        boolean isRolled() {
            return taps == 1;
        }

        String name() {
            return (rows == 1 ? "one" : "two") + "By" + width + (isRolled() ? "" : "Taps" + taps);
        }

        /** The outputs' sums: a0, a1, ... in the first row, b0, b1, ... in the second. */
        String sum(int row, int column) {
            return "ab".charAt(row) + "" + column;
        }
    }

    static String source() {
        Source out = new Source();
        out.lines("""
                package replklab.conv;

                import static replklab.conv.Correlation.SPECIES;

                import java.lang.foreign.MemorySegment;
                import java.nio.ByteOrder;
                import jdk.incubator.vector.FloatVector;
                import replklab.conv.Correlation.Steps;

                /** {@link Correlation}'s inner loops, written by replklab.kernels.CorrelationKernels. Memory is not checked here. */
                final class CorrelationKernels {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final long B = SPECIES.vectorByteSize();

                private CorrelationKernels() {}
                """);
        dispatch(out);
        ALL.forEach(kernel -> method(out, kernel));
        return out.line("}").toString();
    }

    /** The kernel of a family and a width; {@code taps} is of use to the rolled ones alone. */
    private static void dispatch(Source out) {
        out.line("")
                .line("/** Runs the kernel for {@code kind} and blocks of {@code width} outputs. */")
                .line("static void run(BlockKind kind, int width, " + PARAMETERS.formatted("int taps, ") + ") {")
                .line("switch (kind.rows() * 1000 + kind.taps() * 100 + width) {");
        for (Kernel kernel : ALL) {
            out.line(
                    "case %d -> %s(%s);",
                    kernel.rows * 1000 + kernel.taps * 100 + kernel.width,
                    kernel.name(),
                    ARGUMENTS.formatted(kernel.isRolled() ? "taps, " : ""));
        }
        out.line(
                        "default -> throw new IllegalArgumentException(\"no kernel for \" + kind + \" with blocks of \" + width);")
                .line("}")
                .line("}");
    }

    private static void method(Source out, Kernel k) {
        String step = k.isRolled() ? "c" : "B";
        out.line("")
                .line(
                        "/** %d neighbouring outputs in %s%s. */",
                        k.width,
                        k.rows == 1
                                ? "a row"
                                : "each of two rows, which meet the same image rows with different filter rows",
                        k.isRolled() ? "" : ", " + k.taps + " taps at a time")
                .line("static void %s(%s) {", k.name(), PARAMETERS.formatted(k.isRolled() ? "int taps, " : ""));
        if (k.isRolled()) {
            out.line("final long c = s.column();")
                    .line("final long tapX = s.tapX();")
                    .line("final long filterX = s.filterX();");
        } else {
            out.line("final long tapY = s.tapY();").line("final long filterY = s.filterY();");
        }
        if (k.rows == 2) {
            out.line("final long second = s.secondFilter();");
        }
        out.line("final long sc = s.startColumn();")
                .line("final long oc = s.outColumn();")
                .line("for (int block = 0; block < blocks; block++) {")
                .line("final long imageBlock = imageAt + block * %d * %s;", k.width, step)
                .line("final long from = startAt + block * %d * sc;", k.width)
                .line("final long to = outAt + block * %d * oc;", k.width);
        if (k.rows == 2) {
            out.line("final long fromSecond = from + s.startRow();");
        }
        for (int row = 0; row < k.rows; row++) {
            for (int i = 0; i < k.width; i++) {
                String from = at(row == 0 ? "from" : "fromSecond", i, "sc");
                out.line("FloatVector %s = %s;", k.sum(row, i), load("start", from));
            }
        }
        if (k.isRolled()) {
            rolledTaps(out, k);
        } else {
            unrolledTaps(out, k);
        }
        if (k.rows == 2) {
            out.line("final long toSecond = to + s.outRow();");
        }
        for (int row = 0; row < k.rows; row++) {
            for (int i = 0; i < k.width; i++) {
                out.store(k.sum(row, i), "out", at(row == 0 ? "to" : "toSecond", i, "oc"));
            }
        }
        out.line("}").line("}");
    }

    private static void rolledTaps(Source out, Kernel k) {
        out.line("for (int row = 0; row < rows; row++) {")
                .line("long x = imageBlock + row * s.tapY();")
                .line("long w = filterAt + row * s.filterY();")
                .line("for (long end = x + taps * tapX; x != end; x += tapX, w += filterX) {")
                .line("FloatVector f = %s;", load("filter", "w"));
        if (k.rows == 2) {
            out.line("FloatVector g = %s;", load("filter", "w + second"));
        }
        for (int i = 0; i < k.width; i++) {
            String pixel = load("image", at("x", i, "c"));
            if (k.rows == 1) {
                out.line("a%d = %s.fma(f, a%d);", i, pixel, i);
            } else {
                out.line("FloatVector x%d = %s;", i, pixel)
                        .line("a%d = x%d.fma(f, a%d);", i, i, i)
                        .line("b%d = x%d.fma(g, b%d);", i, i, i);
            }
        }
        out.line("}").line("}");
    }

    private static void unrolledTaps(Source out, Kernel k) {
        out.line("long x = imageBlock;")
                .line("long w = filterAt;")
                .line("for (int row = 0; row < rows; row++, x += tapY, w += filterY) {");
        for (int tap = 0; tap < k.taps; tap++) {
            out.line("FloatVector f%d = %s;", tap, load("filter", at("w", tap, "B")));
            for (int i = 0; i < k.width; i++) {
                out.line("a%d = %s.fma(f%d, a%d);", i, load("image", at("x", i + tap, "B")), tap, i);
            }
        }
        out.line("}");
    }
}
