package replklab.kernels;

import static replklab.kernels.Source.load;

import java.util.ArrayList;
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
 * step of 0, and what lies right of it is zero by itself: there is no branch. At stride 2 a column of outputs sees two new columns of
 * pixels, and its gradient goes to two rows of two.
 *
 * <p>Each comes for whole vectors of channels and, with a mask, for the last channels of a pixel; the forward pass also with bounds for
 * its outputs.
 */
final class WindowKernels {
    private static final int TAPS = 9;

    private static final String FILTER = "filter";
    private static final String BOUND = "bound";
    private static final String ADD = "add";
    private static final String SPREAD = "spread";

    private static final String OUTPUTS =
            "Window window, long channel, MemorySegment filters, MemorySegment starts, MemorySegment out";

    /** What each family of kernels is told; a channel is where its group begins in a pixel, in bytes. */
    private static final Map<String, String> PARAMETERS = Map.of(
            FILTER,
            OUTPUTS,
            BOUND,
            OUTPUTS + ", float lowest, float highest",
            ADD,
            "Window window, long channel, MemorySegment dy, MemorySegment sums, long sumsAt",
            SPREAD,
            "Window window, long channel, MemorySegment filters, MemorySegment out");

    private WindowKernels() {}

    /**
     * One kernel.
     *
     * @param rows 1 or 2: of outputs; of what is spread, of the input's gradient
     * @param stride 1 or 2
     * @param odd at stride 2, whether the map's last column is the middle one of a window
     * @param part whether only some lanes of a vector are channels
     */
    private record Kernel(int rows, int stride, boolean odd, boolean part) {
        String name(String family) {
            return family
                    + (rows == 1 ? "OneRow" : "TwoRows")
                    + (stride == 1 ? "" : odd ? "ToOdd" : "ToEven")
                    + (part ? "OfPart" : "");
        }

        /** The number under which a family has it. */
        int kind() {
            int whole = rows + (stride == 1 ? 0 : odd ? 4 : 2);
            return part ? -whole : whole;
        }

        /** Rows of pixels that its outputs see. */
        int inputs() {
            return rows + 2;
        }

        /** A pixel of an input row, in the column where the loop stands or in the one after it. */
        String pixel(int row, boolean next) {
            if (row == 0) {
                return read("above", next ? "u + aboveStep" : "u");
            }
            if (row == inputs() - 1) {
                return read("below", next ? "v + belowStep" : "v");
            }
            return read("x", (row == 1 ? "i" : "i + row") + (next ? " + step" : ""));
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

                /** The kind of kernel, as replklab.kernels numbers them, for so many rows of outputs at stride 1. */
                static int dense(int rows) {
                return rows;
                }

                /** Of outputs at stride 2, or of the gradient of so many rows of inputs, from a map of this width. */
                static int strided(int rows, int width) {
                return rows + 2 + width % 2 * 2;
                }
                """);
        List<Kernel> dense = kernels(1, 1, 2);
        List<Kernel> strided = kernels(2, 1);
        for (String family : List.of(FILTER, BOUND, ADD)) {
            family(out, family, Stream.concat(dense.stream(), strided.stream()).toList());
        }
        family(out, SPREAD, kernels(2, 1, 2));
        return out.line("}").toString();
    }

    private static List<Kernel> kernels(int stride, int... rows) {
        List<Kernel> kernels = new ArrayList<>();
        for (int count : rows) {
            for (boolean part : new boolean[] {false, true}) {
                kernels.add(new Kernel(count, stride, false, part));
                if (stride == 2) {
                    kernels.add(new Kernel(count, stride, true, part));
                }
            }
        }
        return kernels;
    }

    /** The kernels of a family, and the method that finds the right one. */
    private static void family(Source out, String family, List<Kernel> kernels) {
        String parameters = PARAMETERS.get(family);
        String arguments = Stream.of(parameters.split(", "))
                .map(one -> one.substring(one.lastIndexOf(' ') + 1))
                .collect(Collectors.joining(", "));
        out.line("")
                .line("static void %s(int lanes, %s) {", family, parameters)
                .line("switch (lanes == SPECIES.length() ? window.kind() : -window.kind()) {");
        for (Kernel k : kernels) {
            out.line("case %d -> %s(%s%s);", k.kind(), k.name(family), arguments, k.part ? ", lanes" : "");
        }
        out.line("default -> throw new IllegalArgumentException(\"no kernel for \" + window);")
                .line("}")
                .line("}");
        for (Kernel k : kernels) {
            out.line("").line("static void %s(%s%s) {", k.name(family), parameters, k.part ? ", int lanes" : "");
            if (k.part) {
                out.line("final VectorMask<Float> mask = SPECIES.indexInRange(0, lanes);");
            }
            out.line("final long step = window.step();");
            if (k.rows == 2) {
                out.line("final long row = window.row();");
            }
            if (!(family.equals(SPREAD) && k.odd)) {
                out.line("final FloatVector zero = FloatVector.zero(SPECIES);");
            }
            switch (family) {
                case FILTER -> outputs(out, k, false);
                case BOUND -> outputs(out, k, true);
                case ADD -> sums(out, k);
                case SPREAD -> spread(out, k);
                default -> throw new IllegalArgumentException(family);
            }
            out.line("}");
        }
    }

    private static void taps(Source out, int from, int to) {
        for (int tap = from; tap < to; tap++) {
            out.line("final FloatVector w%d = %s;", tap, load("filters", Source.at(TAPS + " * channel", tap, "B")));
        }
    }

    /** The loop over the columns of outputs, whose window's columns are p, q and n. */
    private static void columns(Source out, Kernel k, Runnable column) {
        out.line("final MemorySegment above = window.above();")
                .line("final MemorySegment x = window.x();")
                .line("final MemorySegment below = window.below();")
                .line("final long aboveStep = window.aboveStep();")
                .line("final long belowStep = window.belowStep();")
                .line("long u = window.aboveAt(channel);")
                .line("long i = window.at() + channel;")
                .line("long v = window.belowAt(channel);");
        for (int row = 0; row < k.inputs(); row++) {
            out.line("FloatVector p%d = zero;", row);
        }
        if (k.stride == 1) {
            denseColumns(out, k, column);
        } else {
            stridedColumns(out, k, column);
        }
    }

    private static void denseColumns(Source out, Kernel k, Runnable column) {
        for (int row = 0; row < k.inputs(); row++) {
            out.line("FloatVector q%d = %s;", row, k.pixel(row, false));
        }
        out.line("for (long end = i + (window.width() - 1) * step; i != end; ) {")
                .line("u += aboveStep;")
                .line("i += step;")
                .line("v += belowStep;");
        for (int row = 0; row < k.inputs(); row++) {
            out.line("final FloatVector n%d = %s;", row, k.pixel(row, false));
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

    private static void stridedColumns(Source out, Kernel k, Runnable column) {
        out.line(
                "for (long end = i + %s * 2 * step; i != end; u += 2 * aboveStep, i += 2 * step, v += 2 * belowStep) {",
                k.odd ? "(window.width() - 1)" : "window.width()");
        for (int row = 0; row < k.inputs(); row++) {
            out.line("final FloatVector q%d = %s;", row, k.pixel(row, false))
                    .line("final FloatVector n%d = %s;", row, k.pixel(row, true));
        }
        column.run();
        for (int row = 0; row < k.inputs(); row++) {
            out.line("p%d = n%d;", row, row);
        }
        out.line("}");
        if (k.odd) {
            for (int row = 0; row < k.inputs(); row++) {
                out.line("final FloatVector q%d = %s;", row, k.pixel(row, false))
                        .line("final FloatVector n%d = zero;", row);
            }
            column.run();
        }
    }

    /** Outputs that start from {@code start}. */
    private static void outputs(Source out, Kernel k, boolean bounds) {
        taps(out, 0, TAPS);
        out.line("final FloatVector first = %s;", load("starts", "channel"));
        if (bounds) {
            out.line("final FloatVector low = FloatVector.broadcast(SPECIES, lowest);")
                    .line("final FloatVector high = FloatVector.broadcast(SPECIES, highest);");
        }
        out.line("long o = window.outAt() + channel;");
        columns(out, k, () -> {
            for (int row = 0; row < k.rows; row++) {
                String sum = "first";
                for (int tap = 0; tap < TAPS; tap++) {
                    sum = "%s%d.fma(w%d, %s)".formatted("pqn".charAt(tap % 3), row + tap / 3, tap, sum);
                }
                k.write(out, sum + (bounds ? ".max(low).min(high)" : ""), "out", row == 0 ? "o" : "o + row");
            }
            out.line("o += step;");
        });
    }

    /** The products of dy with the pixels of each tap, added to nine sums. */
    private static void sums(Source out, Kernel k) {
        for (int tap = 0; tap < TAPS; tap++) {
            out.line("FloatVector s%d = zero;", tap);
        }
        out.line("long o = window.outAt() + channel;");
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
    }

    /** A row of dy at stride 2, to the rows of the input's gradient that its windows' middles and lower ends lie in. */
    private static void spread(Source out, Kernel k) {
        boolean two = k.rows == 2;
        // The middle row of taps is all that an upper row meets.
        taps(out, two ? 0 : 3, two ? TAPS : 6);
        out.line("final MemorySegment dy = window.x();")
                .line("long i = window.at() + channel;")
                .line("long o = window.outAt() + channel;")
                .line("FloatVector d = %s;", k.read("dy", "i"));
        if (two) {
            out.line("final MemorySegment below = window.below();")
                    .line("final long belowStep = window.belowStep();")
                    .line("long v = window.belowAt(channel);")
                    .line("FloatVector e = %s;", k.read("below", "v"));
        }
        out.line("for (long end = i + (window.width() - 1) * step; i != end; o += 2 * step) {")
                .line("i += step;")
                .line("final FloatVector f = %s;", k.read("dy", "i"));
        if (two) {
            out.line("v += belowStep;").line("final FloatVector g = %s;", k.read("below", "v"));
        }
        spreadColumns(out, k, true);
        out.line("d = f;").line(two ? "e = g;" : "").line("}");
        if (!k.odd) {
            out.line("final FloatVector f = zero;").line(two ? "final FloatVector g = zero;" : "");
        }
        spreadColumns(out, k, !k.odd);
    }

    private static void spreadColumns(Source out, Kernel k, boolean both) {
        k.write(out, "d.mul(w4)", "out", "o");
        if (both) {
            k.write(out, "d.fma(w5, f.mul(w3))", "out", "o + step");
        }
        if (k.rows == 2) {
            k.write(out, "d.fma(w7, e.mul(w1))", "out", "o + row");
            if (both) {
                k.write(out, "d.fma(w8, f.fma(w6, e.fma(w2, g.mul(w0))))", "out", "o + row + step");
            }
        }
    }
}
