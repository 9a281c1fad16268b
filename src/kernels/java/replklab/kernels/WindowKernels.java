package replklab.kernels;

import static replklab.kernels.Source.load;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernels for 3x3 filters, which need no packing: a window of three columns of pixels moves along one or two rows of outputs,
 * reading each pixel once, where it lies. Nine taps, the window and the sums fill 24 of 32 registers.
 *
 * <p>Two rows of outputs share two of their four rows of pixels: eighteen multiplications a column for four loads. The window moves by
 * naming its columns anew, which costs the processor nothing. Rows above and below the map are read from a vector of zeros, with a
 * step of 0, so that there is no branch.
 *
 * <p>Each comes for whole vectors of channels and, with a mask, for the last channels of a pixel; the forward pass also with bounds for
 * its outputs.
 */
final class WindowKernels {
    private static final int TAPS = 9;

    private static final List<Kernel> KERNELS =
            List.of(new Kernel(1, false), new Kernel(1, true), new Kernel(2, false), new Kernel(2, true));

    private static final String FILTER = "filter";
    private static final String BOUND = "bound";
    private static final String ADD = "add";

    /** Where rows of pixels lie: the one above the outputs, those of the outputs, the one below. */
    private static final String ROWS =
            "MemorySegment above, long aboveAt, long aboveStep, MemorySegment x, long xAt, long row,"
                    + " long step, MemorySegment below, long belowAt, long belowStep, int width";

    private static final String OUTPUTS =
            "MemorySegment filter, long filterAt, MemorySegment start, long startAt, MemorySegment out, long outAt";

    /** What else each kind of kernel is told. */
    private static final Map<String, String> FURTHER = Map.of(
            FILTER,
            OUTPUTS,
            BOUND,
            OUTPUTS + ", float lowest, float highest",
            ADD,
            "MemorySegment dy, long dyAt, MemorySegment sums, long sumsAt");

    private WindowKernels() {}

    /**
     * One kernel.
     *
     * @param rows of outputs, 1 or 2
     * @param part whether only some lanes of a vector are channels
     */
    private record Kernel(int rows, boolean part) {
        String name(String what) {
            return what + (rows == 1 ? "OneRow" : "TwoRows") + (part ? "OfPart" : "");
        }

        /** Rows of pixels that its outputs see. */
        int inputs() {
            return rows + 2;
        }

        /** The pixel of an input row where the loop stands. */
        String pixel(int row) {
            if (row == 0) {
                return read("above", "u");
            }
            return row == inputs() - 1 ? read("below", "v") : read("x", row == 1 ? "i" : "i + row");
        }

        String read(String memory, String at) {
            return part
                    ? "FloatVector.fromMemorySegment(SPECIES, " + memory + ", " + at + ", ORDER, mask)"
                    : load(memory, at);
        }

        void write(Source out, String vector, String memory, String at) {
            out.line("%s.intoMemorySegment(%s, %s, ORDER%s);", vector, memory, at, part ? ", mask" : "");
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
                import jdk.incubator.vector.VectorMask;

                /** {@link WindowDepthwise}'s inner loops, written by replklab.kernels.WindowKernels. Memory is not checked here. */
                final class WindowKernels {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final long B = SPECIES.vectorByteSize();

                private WindowKernels() {}
                """);
        for (String what : List.of(FILTER, BOUND, ADD)) {
            dispatch(out, what);
        }
        for (Kernel kernel : KERNELS) {
            outputs(out, kernel, false);
            outputs(out, kernel, true);
            sums(out, kernel);
        }
        return out.line("}").toString();
    }

    /** The kernel for so many rows and lanes. */
    private static void dispatch(Source out, String what) {
        out.line("")
                .line("static void %s(int rows, int lanes, %s, %s) {", what, ROWS, FURTHER.get(what))
                .line("switch (lanes == SPECIES.length() ? rows : -rows) {");
        String arguments = names(ROWS) + ", " + names(FURTHER.get(what));
        for (Kernel kernel : KERNELS) {
            out.line(
                    "case %s -> %s(%s%s);",
                    kernel.part ? -kernel.rows : kernel.rows,
                    kernel.name(what),
                    arguments,
                    kernel.part ? ", lanes" : "");
        }
        out.line("default -> throw new IllegalArgumentException(\"no kernel for \" + rows + \" rows\");")
                .line("}")
                .line("}");
    }

    /** Of parameters, what a call hands on. */
    private static String names(String parameters) {
        return Stream.of(parameters.split(", "))
                .map(one -> one.substring(one.lastIndexOf(' ') + 1))
                .collect(Collectors.joining(", "));
    }

    private static void open(Source out, Kernel k, String what, String comment) {
        out.line("")
                .line("/** %s */", comment)
                .line("static void %s(%s, %s%s) {", k.name(what), ROWS, FURTHER.get(what), k.part ? ", int lanes" : "");
        if (k.part) {
            out.line("final VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);");
        }
        out.line("final FloatVector zero = FloatVector.zero(SPECIES);")
                .line("long u = aboveAt;")
                .line("long i = xAt;")
                .line("long v = belowAt;");
        for (int row = 0; row < k.inputs(); row++) {
            out.line("FloatVector p%d = zero;", row).line("FloatVector q%d = %s;", row, k.pixel(row));
        }
    }

    /** The loop over the columns; the last one, right of which there is nothing, by itself. */
    private static void columns(Source out, Kernel k, Runnable column) {
        out.line("for (long end = xAt + (width - 1) * step; i != end; ) {")
                .line("u += aboveStep;")
                .line("i += step;")
                .line("v += belowStep;");
        for (int row = 0; row < k.inputs(); row++) {
            out.line("final FloatVector n%d = %s;", row, k.pixel(row));
        }
        column.run();
        for (int row = 0; row < k.inputs(); row++) {
            out.line("p%d = q%d;", row, row).line("q%d = n%d;", row, row);
        }
        out.line("}");
        for (int row = 0; row < k.inputs(); row++) {
            out.line("final FloatVector n%d = zero;", row);
        }
        column.run();
    }

    private static void outputs(Source out, Kernel k, boolean bounds) {
        open(
                out,
                k,
                bounds ? BOUND : FILTER,
                "%d row%s of outputs, each of which starts from {@code start}%s."
                        .formatted(k.rows, k.rows == 1 ? "" : "s", bounds ? " and is held between two bounds" : ""));
        for (int tap = 0; tap < TAPS; tap++) {
            out.line("final FloatVector w%d = %s;", tap, load("filter", Source.at("filterAt", tap, "B")));
        }
        out.line("final FloatVector first = %s;", load("start", "startAt"));
        if (bounds) {
            out.line("final FloatVector low = FloatVector.broadcast(SPECIES, lowest);")
                    .line("final FloatVector high = FloatVector.broadcast(SPECIES, highest);");
        }
        out.line("long o = outAt;");
        columns(out, k, () -> {
            for (int row = 0; row < k.rows; row++) {
                String sum = "first";
                for (int tap = 0; tap < TAPS; tap++) {
                    sum = "%s%d.fma(w%d, %s)".formatted("pqn".charAt(tap % 3), row + tap / 3, tap, sum);
                }
                sum += bounds ? ".max(low).min(high)" : "";
                k.write(out, sum, "out", row == 0 ? "o" : "o + row");
            }
            out.line("o += step;");
        });
        out.line("}");
    }

    private static void sums(Source out, Kernel k) {
        open(
                out,
                k,
                ADD,
                "The products of %d row%s of dy with the pixels of each tap are added to nine sums."
                        .formatted(k.rows, k.rows == 1 ? "" : "s"));
        for (int tap = 0; tap < TAPS; tap++) {
            out.line("FloatVector s%d = zero;", tap);
        }
        out.line("long o = dyAt;");
        columns(out, k, () -> {
            out.line("{");
            for (int row = 0; row < k.rows; row++) {
                out.line("final FloatVector d%d = %s;", row, k.read("dy", row == 0 ? "o" : "o + row"));
            }
            for (int row = 0; row < k.rows; row++) {
                for (int tap = 0; tap < TAPS; tap++) {
                    out.line("s%d = %s%d.fma(d%d, s%d);", tap, "pqn".charAt(tap % 3), row + tap / 3, row, tap);
                }
            }
            out.line("o += step;").line("}");
        });
        for (int tap = 0; tap < TAPS; tap++) {
            String at = Source.at("sumsAt", tap, "B");
            out.store("s%d.add(%s)".formatted(tap, load("sums", at)), "sums", at);
        }
        out.line("}");
    }
}
