package replklab.kernels;

import static replklab.kernels.Source.at;
import static replklab.kernels.Source.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * Discrete Fourier transforms of the small lengths that longer ones are made of: straight lines of additions and multiplications, in
 * which nothing is computed twice. One complex number a channel is a real and an imaginary vector, so that no lane is ever shuffled.
 *
 * <p>{@link #transform} is the whole of the mathematics; the rest reads, multiplies by twiddle factors, and writes. The sign of the
 * exponent is negative. HotSpot keeps the numbers in registers as far as there are any.
 */
final class Butterflies {
    private static final int[] LENGTHS = {3, 4, 5, 6, 8, 9};
    private static final String PARAMETERS = "FourierPass s, int outer, MemorySegment in, long inAt, long inOuter,"
            + " MemorySegment out, long outAt, long outOuter%s";
    private static final String TWIDDLES = ", MemorySegment twiddles, long twiddlesAt";

    private final Source out = new Source();
    private final Map<String, String> constants = new TreeMap<>();
    private int temporaries;

    private Butterflies() {}

    /** What becomes a complex number where a transform takes it: few are in registers before they are needed. */
    @FunctionalInterface
    private interface Operand {
        Complex take();
    }

    /** A complex number: the names of two vectors. */
    private record Complex(String re, String im) implements Operand {
        @Override
        public Complex take() {
            return this;
        }
    }

    static String source() {
        return new Butterflies().all();
    }

    private String all() {
        dispatch();
        for (int length : LENGTHS) {
            method(length, false);
            method(length, true);
        }
        String methods = out.toString();
        Source whole = new Source();
        whole.lines("""
                package replklab.conv;

                import static replklab.conv.Correlation.SPECIES;

                import java.lang.foreign.MemorySegment;
                import java.lang.foreign.ValueLayout;
                import java.nio.ByteOrder;
                import jdk.incubator.vector.FloatVector;

                /**
                * Discrete Fourier transforms of the small lengths that longer ones are made of, written by replklab.kernels.Butterflies.
                * The sign of the exponent is negative: an inverse transform is made of conjugates. Memory is not checked here.
                */
                final class Butterflies {
                private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                private static final long IM = SPECIES.vectorByteSize();
                """);
        constants.forEach(
                (name, value) -> whole.line("private static final FloatVector %s = constant(%s);", name, value));
        return whole.lines("""

                private Butterflies() {}

                private static FloatVector constant(double value) {
                return FloatVector.broadcast(SPECIES, (float) value);
                }
                """).lines(methods).line("}").toString();
    }

    private void dispatch() {
        out.line("/** One pass; {@code twiddles} are read unless the pass needs none. */")
                .line("static void run(" + PARAMETERS.formatted(", MemorySegment twiddles") + ") {")
                .line("long w = s.twiddlesAt();")
                .line("switch (s.radix()) {");
        for (int n : LENGTHS) {
            out.line("case %d -> {", n)
                    .line("if (w < 0) {")
                    .line("radix%d(s, outer, in, inAt, inOuter, out, outAt, outOuter);", n)
                    .line("} else {")
                    .line("radix%dTwiddled(s, outer, in, inAt, inOuter, out, outAt, outOuter, twiddles, w);", n)
                    .line("}")
                    .line("}");
        }
        out.line("default -> throw new IllegalStateException(\"no butterfly of radix \" + s.radix());")
                .line("}")
                .line("}");
    }

    private void method(int length, boolean twiddled) {
        out.line("")
                .line(
                        "/** Transforms of length %d%s. */",
                        length, twiddled ? ", each input but the first times its twiddle factor" : "")
                .line(
                        "static void radix%d%s(%s) {",
                        length, twiddled ? "Twiddled" : "", PARAMETERS.formatted(twiddled ? TWIDDLES : ""))
                .line("final long inLeg = s.inLeg();")
                .line("final long outLeg = s.outLeg();")
                .line("final long inStep = s.inStep();")
                .line("final long outStep = s.outStep();");
        if (twiddled) {
            out.line("final long twiddleStep = s.twiddleStep();");
        }
        out.line("for (int o = 0; o < outer; o++) {")
                .line("long x = inAt + o * inOuter;")
                .line("long y = outAt + o * outOuter;");
        if (twiddled) {
            out.line("long w = twiddlesAt + o * s.outerTwiddle();");
        }
        out.line(
                "for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep%s) {",
                twiddled ? ", w += twiddleStep" : "");
        Operand[] x = new Operand[length];
        for (int i = 0; i < length; i++) {
            int place = i;
            x[i] = () -> twiddled && place > 0 ? twiddle(read(place), place) : read(place);
        }
        temporaries = 0;
        Complex[] y = transform(x);
        for (int i = 0; i < length; i++) {
            out.store(y[i].re, "out", at("y", i, "outLeg")).store(y[i].im, "out", at("y", i, "outLeg") + " + IM");
        }
        out.line("}").line("}").line("}");
    }

    private Complex read(int i) {
        String from = at("x", i, "inLeg");
        out.line("FloatVector x%dre = %s;", i, load("in", from))
                .line("FloatVector x%dim = %s;", i, load("in", from + " + IM"));
        return new Complex("x" + i + "re", "x" + i + "im");
    }

    private Complex twiddle(Complex x, int i) {
        for (String part : new String[] {"re", "im"}) {
            int at = 8 * (i - 1) + (part.equals("re") ? 0 : 4);
            out.line(
                    "FloatVector w%d%s = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + %d));",
                    i, part, at);
        }
        out.line("FloatVector z%dre = %s.mul(w%dre).sub(%s.mul(w%dim));", i, x.re, i, x.im, i)
                .line("FloatVector z%dim = %s.fma(w%dim, %s.mul(w%dre));", i, x.re, i, x.im, i);
        return new Complex("z" + i + "re", "z" + i + "im");
    }

    /** The discrete Fourier transform. */
    private Complex[] transform(Operand... x) {
        return switch (x.length) {
            case 3 -> three(x[0].take(), x[1].take(), x[2].take());
            case 4 -> four(x[0].take(), x[1].take(), x[2].take(), x[3].take());
            case 5 -> five(x[0].take(), x[1].take(), x[2].take(), x[3].take(), x[4].take());
            case 6 -> six(x);
            case 8 -> eight(x);
            case 9 -> nine(x);
            default -> throw new IllegalArgumentException("length " + x.length);
        };
    }

    private Complex[] three(Complex x0, Complex x1, Complex x2) {
        Complex sum = add(x1, x2);
        Complex y0 = add(x0, sum);
        Complex middle = plus(sum, minusHalf(), x0);
        Complex difference = subtract(x1, x2);
        return new Complex[] {
            y0, turned(difference, sin(60), minusSin(60), middle), turned(difference, minusSin(60), sin(60), middle)
        };
    }

    private Complex[] four(Complex x0, Complex x1, Complex x2, Complex x3) {
        Complex even = add(x0, x2);
        Complex evenDifference = subtract(x0, x2);
        Complex odd = add(x1, x3);
        Complex oddDifference = subtract(x1, x3);
        Complex y0 = add(even, odd);
        Complex y2 = subtract(even, odd);
        Complex y1 = addTurned(evenDifference, oddDifference);
        return new Complex[] {y0, y1, y2, subtractTurned(evenDifference, oddDifference)};
    }

    private Complex[] five(Complex... x) {
        Complex a = add(x[1], x[4]);
        Complex b = subtract(x[1], x[4]);
        Complex c = add(x[2], x[3]);
        Complex d = subtract(x[2], x[3]);
        String re = let("%s.add(%s)", let("%s.add(%s)", x[0].re, a.re), c.re);
        String im = let("%s.add(%s)", let("%s.add(%s)", x[0].im, a.im), c.im);
        Complex m1 = sumOfTwo(a, cos(72), c, cos(144), x[0]);
        Complex m2 = sumOfTwo(a, cos(144), c, cos(72), x[0]);
        Complex n1 = sumOfTwo(b, sin(72), d, sin(144));
        Complex n2 = sumOfTwo(b, sin(144), d, minusSin(72));
        Complex y1 = addTurned(m1, n1);
        Complex y4 = subtractTurned(m1, n1);
        Complex y2 = addTurned(m2, n2);
        return new Complex[] {new Complex(re, im), y1, y2, subtractTurned(m2, n2), y4};
    }

    /** Good and Thomas: 2 x 3 without a twiddle factor. */
    private Complex[] six(Operand[] x) {
        Complex[] sums = new Complex[3];
        Complex[] differences = new Complex[3];
        for (int i = 0; i < 3; i++) {
            Complex one = x[2 * i].take();
            Complex other = x[(2 * i + 3) % 6].take();
            sums[i] = add(one, other);
            differences[i] = subtract(one, other);
        }
        Complex[] even = transform(sums);
        Complex[] odd = transform(differences);
        return new Complex[] {even[0], odd[1], even[2], odd[0], even[1], odd[2]};
    }

    private Complex[] eight(Operand[] x) {
        Complex[] even = transform(x[0], x[2], x[4], x[6]);
        Complex[] odd = transform(x[1], x[3], x[5], x[7]);
        Complex y0 = add(even[0], odd[0]);
        Complex y4 = subtract(even[0], odd[0]);
        Complex y2 = addTurned(even[2], odd[2]);
        Complex y6 = subtractTurned(even[2], odd[2]);
        // By 45 and 135 degrees: sums and differences of the parts, times the root of a half.
        String root = constant("HALF_ROOT", "Math.sqrt(0.5)");
        String minusRoot = constant("MINUS_HALF_ROOT", "-Math.sqrt(0.5)");
        Complex first = new Complex(let("%s.add(%s)", odd[1].re, odd[1].im), let("%s.sub(%s)", odd[1].im, odd[1].re));
        Complex y1 = plus(first, root, even[1]);
        Complex y5 = plus(first, minusRoot, even[1]);
        Complex third = new Complex(let("%s.sub(%s)", odd[3].im, odd[3].re), let("%s.add(%s)", odd[3].re, odd[3].im));
        Complex y3 = plus(third, root, minusRoot, even[3]);
        Complex y7 = plus(third, minusRoot, root, even[3]);
        return new Complex[] {y0, y1, y2, y3, y4, y5, y6, y7};
    }

    /** 3 x 3, with twiddle factors of 40, 80 and 160 degrees. */
    private Complex[] nine(Operand[] x) {
        Complex[][] columns = new Complex[3][];
        for (int i = 0; i < 3; i++) {
            columns[i] = transform(x[i], x[i + 3], x[i + 6]);
        }
        Complex[] y = new Complex[9];
        for (int row = 0; row < 3; row++) {
            Complex second = row == 0 ? columns[1][0] : rotated(columns[1][row], 40 * row);
            Complex third = row == 0 ? columns[2][0] : rotated(columns[2][row], 80 * row);
            Complex[] joined = transform(columns[0][row], second, third);
            for (int i = 0; i < 3; i++) {
                y[row + 3 * i] = joined[i];
            }
        }
        return y;
    }

    private Complex add(Complex a, Complex b) {
        return new Complex(let("%s.add(%s)", a.re, b.re), let("%s.add(%s)", a.im, b.im));
    }

    private Complex subtract(Complex a, Complex b) {
        return new Complex(let("%s.sub(%s)", a.re, b.re), let("%s.sub(%s)", a.im, b.im));
    }

    /** a - i b. */
    private Complex addTurned(Complex a, Complex b) {
        return new Complex(let("%s.add(%s)", a.re, b.im), let("%s.sub(%s)", a.im, b.re));
    }

    /** a + i b. */
    private Complex subtractTurned(Complex a, Complex b) {
        return new Complex(let("%s.sub(%s)", a.re, b.im), let("%s.add(%s)", a.im, b.re));
    }

    /** factor * x + addend. */
    private Complex plus(Complex x, String factor, Complex addend) {
        return plus(x, factor, factor, addend);
    }

    private Complex plus(Complex x, String realFactor, String imaginaryFactor, Complex addend) {
        return new Complex(
                let("%s.fma(%s, %s)", x.re, realFactor, addend.re),
                let("%s.fma(%s, %s)", x.im, imaginaryFactor, addend.im));
    }

    /** addend plus the imaginary part of x to the real one, and the real part to the imaginary one. */
    private Complex turned(Complex x, String toReal, String toImaginary, Complex addend) {
        return new Complex(
                let("%s.fma(%s, %s)", x.im, toReal, addend.re), let("%s.fma(%s, %s)", x.re, toImaginary, addend.im));
    }

    /** x times the exponential of -i degrees. */
    private Complex rotated(Complex x, int degrees) {
        String re = let("%s.fma(%s, %s)", x.im, sin(degrees), let("%s.mul(%s)", x.re, cos(degrees)));
        String im = let("%s.fma(%s, %s)", x.re, minusSin(degrees), let("%s.mul(%s)", x.im, cos(degrees)));
        return new Complex(re, im);
    }

    /** x + a u + b v. */
    private Complex sumOfTwo(Complex a, String u, Complex b, String v, Complex x) {
        String re = let("%s.fma(%s, %s)", b.re, v, let("%s.fma(%s, %s)", a.re, u, x.re));
        String im = let("%s.fma(%s, %s)", b.im, v, let("%s.fma(%s, %s)", a.im, u, x.im));
        return new Complex(re, im);
    }

    /** a u + b v. */
    private Complex sumOfTwo(Complex a, String u, Complex b, String v) {
        String re = let("%s.fma(%s, %s)", b.re, v, let("%s.mul(%s)", a.re, u));
        String im = let("%s.fma(%s, %s)", b.im, v, let("%s.mul(%s)", a.im, u));
        return new Complex(re, im);
    }

    private String let(String format, Object... values) {
        temporaries++;
        out.line("FloatVector t%d = %s;", temporaries, format.formatted(values));
        return "t" + temporaries;
    }

    private String minusHalf() {
        return constant("MINUS_HALF", "-0.5");
    }

    private String cos(int degrees) {
        return constant("COS" + degrees, "Math.cos(Math.toRadians(" + degrees + "))");
    }

    private String sin(int degrees) {
        return constant("SIN" + degrees, "Math.sin(Math.toRadians(" + degrees + "))");
    }

    private String minusSin(int degrees) {
        return constant("MINUS_SIN" + degrees, "-Math.sin(Math.toRadians(" + degrees + "))");
    }

    private String constant(String name, String value) {
        constants.put(name, value);
        return name;
    }
}
