package replklab.conv;

import static replklab.conv.CorrelationKernel.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Discrete Fourier transforms of the small lengths that longer ones are made of, one complex number a channel: a real
 * and an imaginary vector side by side, so that no lane is ever shuffled.
 *
 * <p>Each method is one straight line in a loop, with its numbers as locals, which HotSpot keeps in registers as far as
 * there are any; that is why the lines repeat between methods. The sign of the exponent is negative: an inverse transform is
 * made of conjugates. Memory is not checked here.
 */
final class Butterflies {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long IM = SPECIES.vectorByteSize();

    private Butterflies() {}

    private static final FloatVector COS144 = constant(Math.cos(Math.toRadians(144)));
    private static final FloatVector COS160 = constant(Math.cos(Math.toRadians(160)));
    private static final FloatVector COS40 = constant(Math.cos(Math.toRadians(40)));
    private static final FloatVector COS72 = constant(Math.cos(Math.toRadians(72)));
    private static final FloatVector COS80 = constant(Math.cos(Math.toRadians(80)));
    private static final FloatVector HALF_ROOT = constant(Math.sqrt(0.5));
    private static final FloatVector MINUS_HALF = constant(-0.5);
    private static final FloatVector MINUS_HALF_ROOT = constant(-Math.sqrt(0.5));
    private static final FloatVector MINUS_SIN160 = constant(-Math.sin(Math.toRadians(160)));
    private static final FloatVector MINUS_SIN40 = constant(-Math.sin(Math.toRadians(40)));
    private static final FloatVector MINUS_SIN60 = constant(-Math.sin(Math.toRadians(60)));
    private static final FloatVector MINUS_SIN72 = constant(-Math.sin(Math.toRadians(72)));
    private static final FloatVector MINUS_SIN80 = constant(-Math.sin(Math.toRadians(80)));
    private static final FloatVector SIN144 = constant(Math.sin(Math.toRadians(144)));
    private static final FloatVector SIN160 = constant(Math.sin(Math.toRadians(160)));
    private static final FloatVector SIN40 = constant(Math.sin(Math.toRadians(40)));
    private static final FloatVector SIN60 = constant(Math.sin(Math.toRadians(60)));
    private static final FloatVector SIN72 = constant(Math.sin(Math.toRadians(72)));
    private static final FloatVector SIN80 = constant(Math.sin(Math.toRadians(80)));

    private static FloatVector constant(double value) {
        return FloatVector.broadcast(SPECIES, (float) value);
    }
    /** Transforms of length 3. */
    static void radix3(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector t1 = x1re.add(x2re);
                FloatVector t2 = x1im.add(x2im);
                FloatVector t3 = x0re.add(t1);
                FloatVector t4 = x0im.add(t2);
                FloatVector t5 = t1.fma(MINUS_HALF, x0re);
                FloatVector t6 = t2.fma(MINUS_HALF, x0im);
                FloatVector t7 = x1re.sub(x2re);
                FloatVector t8 = x1im.sub(x2im);
                FloatVector t9 = t8.fma(SIN60, t5);
                FloatVector t10 = t7.fma(MINUS_SIN60, t6);
                FloatVector t11 = t8.fma(MINUS_SIN60, t5);
                FloatVector t12 = t7.fma(SIN60, t6);
                t3.intoMemorySegment(out, y, ORDER);
                t4.intoMemorySegment(out, y + IM, ORDER);
                t9.intoMemorySegment(out, y + outLeg, ORDER);
                t10.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t11.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t12.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
            }
        }
    }

    /** As {@link #radix3}, each input but the first times its twiddle factor. */
    static void radix3Twiddled(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter,
            MemorySegment twiddles,
            long twiddlesAt) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        final long twiddleStep = s.twiddleStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            long w = twiddlesAt + o * s.outerTwiddle();
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep, w += twiddleStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector w1re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 0));
                FloatVector w1im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 4));
                FloatVector z1re = x1re.mul(w1re).sub(x1im.mul(w1im));
                FloatVector z1im = x1re.fma(w1im, x1im.mul(w1re));
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector w2re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 8));
                FloatVector w2im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 12));
                FloatVector z2re = x2re.mul(w2re).sub(x2im.mul(w2im));
                FloatVector z2im = x2re.fma(w2im, x2im.mul(w2re));
                FloatVector t1 = z1re.add(z2re);
                FloatVector t2 = z1im.add(z2im);
                FloatVector t3 = x0re.add(t1);
                FloatVector t4 = x0im.add(t2);
                FloatVector t5 = t1.fma(MINUS_HALF, x0re);
                FloatVector t6 = t2.fma(MINUS_HALF, x0im);
                FloatVector t7 = z1re.sub(z2re);
                FloatVector t8 = z1im.sub(z2im);
                FloatVector t9 = t8.fma(SIN60, t5);
                FloatVector t10 = t7.fma(MINUS_SIN60, t6);
                FloatVector t11 = t8.fma(MINUS_SIN60, t5);
                FloatVector t12 = t7.fma(SIN60, t6);
                t3.intoMemorySegment(out, y, ORDER);
                t4.intoMemorySegment(out, y + IM, ORDER);
                t9.intoMemorySegment(out, y + outLeg, ORDER);
                t10.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t11.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t12.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
            }
        }
    }

    /** Transforms of length 4. */
    static void radix4(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector t1 = x0re.add(x2re);
                FloatVector t2 = x0im.add(x2im);
                FloatVector t3 = x0re.sub(x2re);
                FloatVector t4 = x0im.sub(x2im);
                FloatVector t5 = x1re.add(x3re);
                FloatVector t6 = x1im.add(x3im);
                FloatVector t7 = x1re.sub(x3re);
                FloatVector t8 = x1im.sub(x3im);
                FloatVector t9 = t1.add(t5);
                FloatVector t10 = t2.add(t6);
                FloatVector t11 = t1.sub(t5);
                FloatVector t12 = t2.sub(t6);
                FloatVector t13 = t3.add(t8);
                FloatVector t14 = t4.sub(t7);
                FloatVector t15 = t3.sub(t8);
                FloatVector t16 = t4.add(t7);
                t9.intoMemorySegment(out, y, ORDER);
                t10.intoMemorySegment(out, y + IM, ORDER);
                t13.intoMemorySegment(out, y + outLeg, ORDER);
                t14.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t11.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t12.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t15.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t16.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
            }
        }
    }

    /** As {@link #radix4}, each input but the first times its twiddle factor. */
    static void radix4Twiddled(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter,
            MemorySegment twiddles,
            long twiddlesAt) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        final long twiddleStep = s.twiddleStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            long w = twiddlesAt + o * s.outerTwiddle();
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep, w += twiddleStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector w1re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 0));
                FloatVector w1im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 4));
                FloatVector z1re = x1re.mul(w1re).sub(x1im.mul(w1im));
                FloatVector z1im = x1re.fma(w1im, x1im.mul(w1re));
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector w2re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 8));
                FloatVector w2im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 12));
                FloatVector z2re = x2re.mul(w2re).sub(x2im.mul(w2im));
                FloatVector z2im = x2re.fma(w2im, x2im.mul(w2re));
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector w3re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 16));
                FloatVector w3im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 20));
                FloatVector z3re = x3re.mul(w3re).sub(x3im.mul(w3im));
                FloatVector z3im = x3re.fma(w3im, x3im.mul(w3re));
                FloatVector t1 = x0re.add(z2re);
                FloatVector t2 = x0im.add(z2im);
                FloatVector t3 = x0re.sub(z2re);
                FloatVector t4 = x0im.sub(z2im);
                FloatVector t5 = z1re.add(z3re);
                FloatVector t6 = z1im.add(z3im);
                FloatVector t7 = z1re.sub(z3re);
                FloatVector t8 = z1im.sub(z3im);
                FloatVector t9 = t1.add(t5);
                FloatVector t10 = t2.add(t6);
                FloatVector t11 = t1.sub(t5);
                FloatVector t12 = t2.sub(t6);
                FloatVector t13 = t3.add(t8);
                FloatVector t14 = t4.sub(t7);
                FloatVector t15 = t3.sub(t8);
                FloatVector t16 = t4.add(t7);
                t9.intoMemorySegment(out, y, ORDER);
                t10.intoMemorySegment(out, y + IM, ORDER);
                t13.intoMemorySegment(out, y + outLeg, ORDER);
                t14.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t11.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t12.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t15.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t16.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
            }
        }
    }

    /** Transforms of length 5. */
    static void radix5(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector t1 = x1re.add(x4re);
                FloatVector t2 = x1im.add(x4im);
                FloatVector t3 = x1re.sub(x4re);
                FloatVector t4 = x1im.sub(x4im);
                FloatVector t5 = x2re.add(x3re);
                FloatVector t6 = x2im.add(x3im);
                FloatVector t7 = x2re.sub(x3re);
                FloatVector t8 = x2im.sub(x3im);
                FloatVector t9 = x0re.add(t1);
                FloatVector t10 = t9.add(t5);
                FloatVector t11 = x0im.add(t2);
                FloatVector t12 = t11.add(t6);
                FloatVector t13 = t1.fma(COS72, x0re);
                FloatVector t14 = t5.fma(COS144, t13);
                FloatVector t15 = t2.fma(COS72, x0im);
                FloatVector t16 = t6.fma(COS144, t15);
                FloatVector t17 = t1.fma(COS144, x0re);
                FloatVector t18 = t5.fma(COS72, t17);
                FloatVector t19 = t2.fma(COS144, x0im);
                FloatVector t20 = t6.fma(COS72, t19);
                FloatVector t21 = t3.mul(SIN72);
                FloatVector t22 = t7.fma(SIN144, t21);
                FloatVector t23 = t4.mul(SIN72);
                FloatVector t24 = t8.fma(SIN144, t23);
                FloatVector t25 = t3.mul(SIN144);
                FloatVector t26 = t7.fma(MINUS_SIN72, t25);
                FloatVector t27 = t4.mul(SIN144);
                FloatVector t28 = t8.fma(MINUS_SIN72, t27);
                FloatVector t29 = t14.add(t24);
                FloatVector t30 = t16.sub(t22);
                FloatVector t31 = t14.sub(t24);
                FloatVector t32 = t16.add(t22);
                FloatVector t33 = t18.add(t28);
                FloatVector t34 = t20.sub(t26);
                FloatVector t35 = t18.sub(t28);
                FloatVector t36 = t20.add(t26);
                t10.intoMemorySegment(out, y, ORDER);
                t12.intoMemorySegment(out, y + IM, ORDER);
                t29.intoMemorySegment(out, y + outLeg, ORDER);
                t30.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t33.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t34.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t35.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t36.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t31.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t32.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
            }
        }
    }

    /** As {@link #radix5}, each input but the first times its twiddle factor. */
    static void radix5Twiddled(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter,
            MemorySegment twiddles,
            long twiddlesAt) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        final long twiddleStep = s.twiddleStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            long w = twiddlesAt + o * s.outerTwiddle();
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep, w += twiddleStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector w1re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 0));
                FloatVector w1im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 4));
                FloatVector z1re = x1re.mul(w1re).sub(x1im.mul(w1im));
                FloatVector z1im = x1re.fma(w1im, x1im.mul(w1re));
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector w2re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 8));
                FloatVector w2im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 12));
                FloatVector z2re = x2re.mul(w2re).sub(x2im.mul(w2im));
                FloatVector z2im = x2re.fma(w2im, x2im.mul(w2re));
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector w3re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 16));
                FloatVector w3im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 20));
                FloatVector z3re = x3re.mul(w3re).sub(x3im.mul(w3im));
                FloatVector z3im = x3re.fma(w3im, x3im.mul(w3re));
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector w4re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 24));
                FloatVector w4im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 28));
                FloatVector z4re = x4re.mul(w4re).sub(x4im.mul(w4im));
                FloatVector z4im = x4re.fma(w4im, x4im.mul(w4re));
                FloatVector t1 = z1re.add(z4re);
                FloatVector t2 = z1im.add(z4im);
                FloatVector t3 = z1re.sub(z4re);
                FloatVector t4 = z1im.sub(z4im);
                FloatVector t5 = z2re.add(z3re);
                FloatVector t6 = z2im.add(z3im);
                FloatVector t7 = z2re.sub(z3re);
                FloatVector t8 = z2im.sub(z3im);
                FloatVector t9 = x0re.add(t1);
                FloatVector t10 = t9.add(t5);
                FloatVector t11 = x0im.add(t2);
                FloatVector t12 = t11.add(t6);
                FloatVector t13 = t1.fma(COS72, x0re);
                FloatVector t14 = t5.fma(COS144, t13);
                FloatVector t15 = t2.fma(COS72, x0im);
                FloatVector t16 = t6.fma(COS144, t15);
                FloatVector t17 = t1.fma(COS144, x0re);
                FloatVector t18 = t5.fma(COS72, t17);
                FloatVector t19 = t2.fma(COS144, x0im);
                FloatVector t20 = t6.fma(COS72, t19);
                FloatVector t21 = t3.mul(SIN72);
                FloatVector t22 = t7.fma(SIN144, t21);
                FloatVector t23 = t4.mul(SIN72);
                FloatVector t24 = t8.fma(SIN144, t23);
                FloatVector t25 = t3.mul(SIN144);
                FloatVector t26 = t7.fma(MINUS_SIN72, t25);
                FloatVector t27 = t4.mul(SIN144);
                FloatVector t28 = t8.fma(MINUS_SIN72, t27);
                FloatVector t29 = t14.add(t24);
                FloatVector t30 = t16.sub(t22);
                FloatVector t31 = t14.sub(t24);
                FloatVector t32 = t16.add(t22);
                FloatVector t33 = t18.add(t28);
                FloatVector t34 = t20.sub(t26);
                FloatVector t35 = t18.sub(t28);
                FloatVector t36 = t20.add(t26);
                t10.intoMemorySegment(out, y, ORDER);
                t12.intoMemorySegment(out, y + IM, ORDER);
                t29.intoMemorySegment(out, y + outLeg, ORDER);
                t30.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t33.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t34.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t35.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t36.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t31.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t32.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
            }
        }
    }

    /** Transforms of length 6. */
    static void radix6(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector t1 = x0re.add(x3re);
                FloatVector t2 = x0im.add(x3im);
                FloatVector t3 = x0re.sub(x3re);
                FloatVector t4 = x0im.sub(x3im);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector x5re = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg, ORDER);
                FloatVector x5im = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg + IM, ORDER);
                FloatVector t5 = x2re.add(x5re);
                FloatVector t6 = x2im.add(x5im);
                FloatVector t7 = x2re.sub(x5re);
                FloatVector t8 = x2im.sub(x5im);
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector t9 = x4re.add(x1re);
                FloatVector t10 = x4im.add(x1im);
                FloatVector t11 = x4re.sub(x1re);
                FloatVector t12 = x4im.sub(x1im);
                FloatVector t13 = t5.add(t9);
                FloatVector t14 = t6.add(t10);
                FloatVector t15 = t1.add(t13);
                FloatVector t16 = t2.add(t14);
                FloatVector t17 = t13.fma(MINUS_HALF, t1);
                FloatVector t18 = t14.fma(MINUS_HALF, t2);
                FloatVector t19 = t5.sub(t9);
                FloatVector t20 = t6.sub(t10);
                FloatVector t21 = t20.fma(SIN60, t17);
                FloatVector t22 = t19.fma(MINUS_SIN60, t18);
                FloatVector t23 = t20.fma(MINUS_SIN60, t17);
                FloatVector t24 = t19.fma(SIN60, t18);
                FloatVector t25 = t7.add(t11);
                FloatVector t26 = t8.add(t12);
                FloatVector t27 = t3.add(t25);
                FloatVector t28 = t4.add(t26);
                FloatVector t29 = t25.fma(MINUS_HALF, t3);
                FloatVector t30 = t26.fma(MINUS_HALF, t4);
                FloatVector t31 = t7.sub(t11);
                FloatVector t32 = t8.sub(t12);
                FloatVector t33 = t32.fma(SIN60, t29);
                FloatVector t34 = t31.fma(MINUS_SIN60, t30);
                FloatVector t35 = t32.fma(MINUS_SIN60, t29);
                FloatVector t36 = t31.fma(SIN60, t30);
                t15.intoMemorySegment(out, y, ORDER);
                t16.intoMemorySegment(out, y + IM, ORDER);
                t33.intoMemorySegment(out, y + outLeg, ORDER);
                t34.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t23.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t24.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t27.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t28.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t21.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t22.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
                t35.intoMemorySegment(out, y + 5 * outLeg, ORDER);
                t36.intoMemorySegment(out, y + 5 * outLeg + IM, ORDER);
            }
        }
    }

    /** As {@link #radix6}, each input but the first times its twiddle factor. */
    static void radix6Twiddled(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter,
            MemorySegment twiddles,
            long twiddlesAt) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        final long twiddleStep = s.twiddleStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            long w = twiddlesAt + o * s.outerTwiddle();
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep, w += twiddleStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector w3re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 16));
                FloatVector w3im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 20));
                FloatVector z3re = x3re.mul(w3re).sub(x3im.mul(w3im));
                FloatVector z3im = x3re.fma(w3im, x3im.mul(w3re));
                FloatVector t1 = x0re.add(z3re);
                FloatVector t2 = x0im.add(z3im);
                FloatVector t3 = x0re.sub(z3re);
                FloatVector t4 = x0im.sub(z3im);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector w2re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 8));
                FloatVector w2im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 12));
                FloatVector z2re = x2re.mul(w2re).sub(x2im.mul(w2im));
                FloatVector z2im = x2re.fma(w2im, x2im.mul(w2re));
                FloatVector x5re = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg, ORDER);
                FloatVector x5im = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg + IM, ORDER);
                FloatVector w5re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 32));
                FloatVector w5im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 36));
                FloatVector z5re = x5re.mul(w5re).sub(x5im.mul(w5im));
                FloatVector z5im = x5re.fma(w5im, x5im.mul(w5re));
                FloatVector t5 = z2re.add(z5re);
                FloatVector t6 = z2im.add(z5im);
                FloatVector t7 = z2re.sub(z5re);
                FloatVector t8 = z2im.sub(z5im);
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector w4re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 24));
                FloatVector w4im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 28));
                FloatVector z4re = x4re.mul(w4re).sub(x4im.mul(w4im));
                FloatVector z4im = x4re.fma(w4im, x4im.mul(w4re));
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector w1re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 0));
                FloatVector w1im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 4));
                FloatVector z1re = x1re.mul(w1re).sub(x1im.mul(w1im));
                FloatVector z1im = x1re.fma(w1im, x1im.mul(w1re));
                FloatVector t9 = z4re.add(z1re);
                FloatVector t10 = z4im.add(z1im);
                FloatVector t11 = z4re.sub(z1re);
                FloatVector t12 = z4im.sub(z1im);
                FloatVector t13 = t5.add(t9);
                FloatVector t14 = t6.add(t10);
                FloatVector t15 = t1.add(t13);
                FloatVector t16 = t2.add(t14);
                FloatVector t17 = t13.fma(MINUS_HALF, t1);
                FloatVector t18 = t14.fma(MINUS_HALF, t2);
                FloatVector t19 = t5.sub(t9);
                FloatVector t20 = t6.sub(t10);
                FloatVector t21 = t20.fma(SIN60, t17);
                FloatVector t22 = t19.fma(MINUS_SIN60, t18);
                FloatVector t23 = t20.fma(MINUS_SIN60, t17);
                FloatVector t24 = t19.fma(SIN60, t18);
                FloatVector t25 = t7.add(t11);
                FloatVector t26 = t8.add(t12);
                FloatVector t27 = t3.add(t25);
                FloatVector t28 = t4.add(t26);
                FloatVector t29 = t25.fma(MINUS_HALF, t3);
                FloatVector t30 = t26.fma(MINUS_HALF, t4);
                FloatVector t31 = t7.sub(t11);
                FloatVector t32 = t8.sub(t12);
                FloatVector t33 = t32.fma(SIN60, t29);
                FloatVector t34 = t31.fma(MINUS_SIN60, t30);
                FloatVector t35 = t32.fma(MINUS_SIN60, t29);
                FloatVector t36 = t31.fma(SIN60, t30);
                t15.intoMemorySegment(out, y, ORDER);
                t16.intoMemorySegment(out, y + IM, ORDER);
                t33.intoMemorySegment(out, y + outLeg, ORDER);
                t34.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t23.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t24.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t27.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t28.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t21.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t22.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
                t35.intoMemorySegment(out, y + 5 * outLeg, ORDER);
                t36.intoMemorySegment(out, y + 5 * outLeg + IM, ORDER);
            }
        }
    }

    /** Transforms of length 8. */
    static void radix8(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector x6re = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg, ORDER);
                FloatVector x6im = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg + IM, ORDER);
                FloatVector t1 = x0re.add(x4re);
                FloatVector t2 = x0im.add(x4im);
                FloatVector t3 = x0re.sub(x4re);
                FloatVector t4 = x0im.sub(x4im);
                FloatVector t5 = x2re.add(x6re);
                FloatVector t6 = x2im.add(x6im);
                FloatVector t7 = x2re.sub(x6re);
                FloatVector t8 = x2im.sub(x6im);
                FloatVector t9 = t1.add(t5);
                FloatVector t10 = t2.add(t6);
                FloatVector t11 = t1.sub(t5);
                FloatVector t12 = t2.sub(t6);
                FloatVector t13 = t3.add(t8);
                FloatVector t14 = t4.sub(t7);
                FloatVector t15 = t3.sub(t8);
                FloatVector t16 = t4.add(t7);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector x5re = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg, ORDER);
                FloatVector x5im = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg + IM, ORDER);
                FloatVector x7re = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg, ORDER);
                FloatVector x7im = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg + IM, ORDER);
                FloatVector t17 = x1re.add(x5re);
                FloatVector t18 = x1im.add(x5im);
                FloatVector t19 = x1re.sub(x5re);
                FloatVector t20 = x1im.sub(x5im);
                FloatVector t21 = x3re.add(x7re);
                FloatVector t22 = x3im.add(x7im);
                FloatVector t23 = x3re.sub(x7re);
                FloatVector t24 = x3im.sub(x7im);
                FloatVector t25 = t17.add(t21);
                FloatVector t26 = t18.add(t22);
                FloatVector t27 = t17.sub(t21);
                FloatVector t28 = t18.sub(t22);
                FloatVector t29 = t19.add(t24);
                FloatVector t30 = t20.sub(t23);
                FloatVector t31 = t19.sub(t24);
                FloatVector t32 = t20.add(t23);
                FloatVector t33 = t9.add(t25);
                FloatVector t34 = t10.add(t26);
                FloatVector t35 = t9.sub(t25);
                FloatVector t36 = t10.sub(t26);
                FloatVector t37 = t11.add(t28);
                FloatVector t38 = t12.sub(t27);
                FloatVector t39 = t11.sub(t28);
                FloatVector t40 = t12.add(t27);
                FloatVector t41 = t29.add(t30);
                FloatVector t42 = t30.sub(t29);
                FloatVector t43 = t41.fma(HALF_ROOT, t13);
                FloatVector t44 = t42.fma(HALF_ROOT, t14);
                FloatVector t45 = t41.fma(MINUS_HALF_ROOT, t13);
                FloatVector t46 = t42.fma(MINUS_HALF_ROOT, t14);
                FloatVector t47 = t32.sub(t31);
                FloatVector t48 = t31.add(t32);
                FloatVector t49 = t47.fma(HALF_ROOT, t15);
                FloatVector t50 = t48.fma(MINUS_HALF_ROOT, t16);
                FloatVector t51 = t47.fma(MINUS_HALF_ROOT, t15);
                FloatVector t52 = t48.fma(HALF_ROOT, t16);
                t33.intoMemorySegment(out, y, ORDER);
                t34.intoMemorySegment(out, y + IM, ORDER);
                t43.intoMemorySegment(out, y + outLeg, ORDER);
                t44.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t37.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t38.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t49.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t50.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t35.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t36.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
                t45.intoMemorySegment(out, y + 5 * outLeg, ORDER);
                t46.intoMemorySegment(out, y + 5 * outLeg + IM, ORDER);
                t39.intoMemorySegment(out, y + 6 * outLeg, ORDER);
                t40.intoMemorySegment(out, y + 6 * outLeg + IM, ORDER);
                t51.intoMemorySegment(out, y + 7 * outLeg, ORDER);
                t52.intoMemorySegment(out, y + 7 * outLeg + IM, ORDER);
            }
        }
    }

    /** As {@link #radix8}, each input but the first times its twiddle factor. */
    static void radix8Twiddled(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter,
            MemorySegment twiddles,
            long twiddlesAt) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        final long twiddleStep = s.twiddleStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            long w = twiddlesAt + o * s.outerTwiddle();
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep, w += twiddleStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector w2re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 8));
                FloatVector w2im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 12));
                FloatVector z2re = x2re.mul(w2re).sub(x2im.mul(w2im));
                FloatVector z2im = x2re.fma(w2im, x2im.mul(w2re));
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector w4re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 24));
                FloatVector w4im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 28));
                FloatVector z4re = x4re.mul(w4re).sub(x4im.mul(w4im));
                FloatVector z4im = x4re.fma(w4im, x4im.mul(w4re));
                FloatVector x6re = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg, ORDER);
                FloatVector x6im = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg + IM, ORDER);
                FloatVector w6re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 40));
                FloatVector w6im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 44));
                FloatVector z6re = x6re.mul(w6re).sub(x6im.mul(w6im));
                FloatVector z6im = x6re.fma(w6im, x6im.mul(w6re));
                FloatVector t1 = x0re.add(z4re);
                FloatVector t2 = x0im.add(z4im);
                FloatVector t3 = x0re.sub(z4re);
                FloatVector t4 = x0im.sub(z4im);
                FloatVector t5 = z2re.add(z6re);
                FloatVector t6 = z2im.add(z6im);
                FloatVector t7 = z2re.sub(z6re);
                FloatVector t8 = z2im.sub(z6im);
                FloatVector t9 = t1.add(t5);
                FloatVector t10 = t2.add(t6);
                FloatVector t11 = t1.sub(t5);
                FloatVector t12 = t2.sub(t6);
                FloatVector t13 = t3.add(t8);
                FloatVector t14 = t4.sub(t7);
                FloatVector t15 = t3.sub(t8);
                FloatVector t16 = t4.add(t7);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector w1re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 0));
                FloatVector w1im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 4));
                FloatVector z1re = x1re.mul(w1re).sub(x1im.mul(w1im));
                FloatVector z1im = x1re.fma(w1im, x1im.mul(w1re));
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector w3re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 16));
                FloatVector w3im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 20));
                FloatVector z3re = x3re.mul(w3re).sub(x3im.mul(w3im));
                FloatVector z3im = x3re.fma(w3im, x3im.mul(w3re));
                FloatVector x5re = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg, ORDER);
                FloatVector x5im = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg + IM, ORDER);
                FloatVector w5re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 32));
                FloatVector w5im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 36));
                FloatVector z5re = x5re.mul(w5re).sub(x5im.mul(w5im));
                FloatVector z5im = x5re.fma(w5im, x5im.mul(w5re));
                FloatVector x7re = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg, ORDER);
                FloatVector x7im = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg + IM, ORDER);
                FloatVector w7re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 48));
                FloatVector w7im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 52));
                FloatVector z7re = x7re.mul(w7re).sub(x7im.mul(w7im));
                FloatVector z7im = x7re.fma(w7im, x7im.mul(w7re));
                FloatVector t17 = z1re.add(z5re);
                FloatVector t18 = z1im.add(z5im);
                FloatVector t19 = z1re.sub(z5re);
                FloatVector t20 = z1im.sub(z5im);
                FloatVector t21 = z3re.add(z7re);
                FloatVector t22 = z3im.add(z7im);
                FloatVector t23 = z3re.sub(z7re);
                FloatVector t24 = z3im.sub(z7im);
                FloatVector t25 = t17.add(t21);
                FloatVector t26 = t18.add(t22);
                FloatVector t27 = t17.sub(t21);
                FloatVector t28 = t18.sub(t22);
                FloatVector t29 = t19.add(t24);
                FloatVector t30 = t20.sub(t23);
                FloatVector t31 = t19.sub(t24);
                FloatVector t32 = t20.add(t23);
                FloatVector t33 = t9.add(t25);
                FloatVector t34 = t10.add(t26);
                FloatVector t35 = t9.sub(t25);
                FloatVector t36 = t10.sub(t26);
                FloatVector t37 = t11.add(t28);
                FloatVector t38 = t12.sub(t27);
                FloatVector t39 = t11.sub(t28);
                FloatVector t40 = t12.add(t27);
                FloatVector t41 = t29.add(t30);
                FloatVector t42 = t30.sub(t29);
                FloatVector t43 = t41.fma(HALF_ROOT, t13);
                FloatVector t44 = t42.fma(HALF_ROOT, t14);
                FloatVector t45 = t41.fma(MINUS_HALF_ROOT, t13);
                FloatVector t46 = t42.fma(MINUS_HALF_ROOT, t14);
                FloatVector t47 = t32.sub(t31);
                FloatVector t48 = t31.add(t32);
                FloatVector t49 = t47.fma(HALF_ROOT, t15);
                FloatVector t50 = t48.fma(MINUS_HALF_ROOT, t16);
                FloatVector t51 = t47.fma(MINUS_HALF_ROOT, t15);
                FloatVector t52 = t48.fma(HALF_ROOT, t16);
                t33.intoMemorySegment(out, y, ORDER);
                t34.intoMemorySegment(out, y + IM, ORDER);
                t43.intoMemorySegment(out, y + outLeg, ORDER);
                t44.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t37.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t38.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t49.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t50.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t35.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t36.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
                t45.intoMemorySegment(out, y + 5 * outLeg, ORDER);
                t46.intoMemorySegment(out, y + 5 * outLeg + IM, ORDER);
                t39.intoMemorySegment(out, y + 6 * outLeg, ORDER);
                t40.intoMemorySegment(out, y + 6 * outLeg + IM, ORDER);
                t51.intoMemorySegment(out, y + 7 * outLeg, ORDER);
                t52.intoMemorySegment(out, y + 7 * outLeg + IM, ORDER);
            }
        }
    }

    /** Transforms of length 9. */
    static void radix9(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector x6re = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg, ORDER);
                FloatVector x6im = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg + IM, ORDER);
                FloatVector t1 = x3re.add(x6re);
                FloatVector t2 = x3im.add(x6im);
                FloatVector t3 = x0re.add(t1);
                FloatVector t4 = x0im.add(t2);
                FloatVector t5 = t1.fma(MINUS_HALF, x0re);
                FloatVector t6 = t2.fma(MINUS_HALF, x0im);
                FloatVector t7 = x3re.sub(x6re);
                FloatVector t8 = x3im.sub(x6im);
                FloatVector t9 = t8.fma(SIN60, t5);
                FloatVector t10 = t7.fma(MINUS_SIN60, t6);
                FloatVector t11 = t8.fma(MINUS_SIN60, t5);
                FloatVector t12 = t7.fma(SIN60, t6);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector x7re = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg, ORDER);
                FloatVector x7im = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg + IM, ORDER);
                FloatVector t13 = x4re.add(x7re);
                FloatVector t14 = x4im.add(x7im);
                FloatVector t15 = x1re.add(t13);
                FloatVector t16 = x1im.add(t14);
                FloatVector t17 = t13.fma(MINUS_HALF, x1re);
                FloatVector t18 = t14.fma(MINUS_HALF, x1im);
                FloatVector t19 = x4re.sub(x7re);
                FloatVector t20 = x4im.sub(x7im);
                FloatVector t21 = t20.fma(SIN60, t17);
                FloatVector t22 = t19.fma(MINUS_SIN60, t18);
                FloatVector t23 = t20.fma(MINUS_SIN60, t17);
                FloatVector t24 = t19.fma(SIN60, t18);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector x5re = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg, ORDER);
                FloatVector x5im = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg + IM, ORDER);
                FloatVector x8re = FloatVector.fromMemorySegment(SPECIES, in, x + 8 * inLeg, ORDER);
                FloatVector x8im = FloatVector.fromMemorySegment(SPECIES, in, x + 8 * inLeg + IM, ORDER);
                FloatVector t25 = x5re.add(x8re);
                FloatVector t26 = x5im.add(x8im);
                FloatVector t27 = x2re.add(t25);
                FloatVector t28 = x2im.add(t26);
                FloatVector t29 = t25.fma(MINUS_HALF, x2re);
                FloatVector t30 = t26.fma(MINUS_HALF, x2im);
                FloatVector t31 = x5re.sub(x8re);
                FloatVector t32 = x5im.sub(x8im);
                FloatVector t33 = t32.fma(SIN60, t29);
                FloatVector t34 = t31.fma(MINUS_SIN60, t30);
                FloatVector t35 = t32.fma(MINUS_SIN60, t29);
                FloatVector t36 = t31.fma(SIN60, t30);
                FloatVector t37 = t15.add(t27);
                FloatVector t38 = t16.add(t28);
                FloatVector t39 = t3.add(t37);
                FloatVector t40 = t4.add(t38);
                FloatVector t41 = t37.fma(MINUS_HALF, t3);
                FloatVector t42 = t38.fma(MINUS_HALF, t4);
                FloatVector t43 = t15.sub(t27);
                FloatVector t44 = t16.sub(t28);
                FloatVector t45 = t44.fma(SIN60, t41);
                FloatVector t46 = t43.fma(MINUS_SIN60, t42);
                FloatVector t47 = t44.fma(MINUS_SIN60, t41);
                FloatVector t48 = t43.fma(SIN60, t42);
                FloatVector t49 = t21.mul(COS40);
                FloatVector t50 = t22.fma(SIN40, t49);
                FloatVector t51 = t22.mul(COS40);
                FloatVector t52 = t21.fma(MINUS_SIN40, t51);
                FloatVector t53 = t33.mul(COS80);
                FloatVector t54 = t34.fma(SIN80, t53);
                FloatVector t55 = t34.mul(COS80);
                FloatVector t56 = t33.fma(MINUS_SIN80, t55);
                FloatVector t57 = t50.add(t54);
                FloatVector t58 = t52.add(t56);
                FloatVector t59 = t9.add(t57);
                FloatVector t60 = t10.add(t58);
                FloatVector t61 = t57.fma(MINUS_HALF, t9);
                FloatVector t62 = t58.fma(MINUS_HALF, t10);
                FloatVector t63 = t50.sub(t54);
                FloatVector t64 = t52.sub(t56);
                FloatVector t65 = t64.fma(SIN60, t61);
                FloatVector t66 = t63.fma(MINUS_SIN60, t62);
                FloatVector t67 = t64.fma(MINUS_SIN60, t61);
                FloatVector t68 = t63.fma(SIN60, t62);
                FloatVector t69 = t23.mul(COS80);
                FloatVector t70 = t24.fma(SIN80, t69);
                FloatVector t71 = t24.mul(COS80);
                FloatVector t72 = t23.fma(MINUS_SIN80, t71);
                FloatVector t73 = t35.mul(COS160);
                FloatVector t74 = t36.fma(SIN160, t73);
                FloatVector t75 = t36.mul(COS160);
                FloatVector t76 = t35.fma(MINUS_SIN160, t75);
                FloatVector t77 = t70.add(t74);
                FloatVector t78 = t72.add(t76);
                FloatVector t79 = t11.add(t77);
                FloatVector t80 = t12.add(t78);
                FloatVector t81 = t77.fma(MINUS_HALF, t11);
                FloatVector t82 = t78.fma(MINUS_HALF, t12);
                FloatVector t83 = t70.sub(t74);
                FloatVector t84 = t72.sub(t76);
                FloatVector t85 = t84.fma(SIN60, t81);
                FloatVector t86 = t83.fma(MINUS_SIN60, t82);
                FloatVector t87 = t84.fma(MINUS_SIN60, t81);
                FloatVector t88 = t83.fma(SIN60, t82);
                t39.intoMemorySegment(out, y, ORDER);
                t40.intoMemorySegment(out, y + IM, ORDER);
                t59.intoMemorySegment(out, y + outLeg, ORDER);
                t60.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t79.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t80.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t45.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t46.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t65.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t66.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
                t85.intoMemorySegment(out, y + 5 * outLeg, ORDER);
                t86.intoMemorySegment(out, y + 5 * outLeg + IM, ORDER);
                t47.intoMemorySegment(out, y + 6 * outLeg, ORDER);
                t48.intoMemorySegment(out, y + 6 * outLeg + IM, ORDER);
                t67.intoMemorySegment(out, y + 7 * outLeg, ORDER);
                t68.intoMemorySegment(out, y + 7 * outLeg + IM, ORDER);
                t87.intoMemorySegment(out, y + 8 * outLeg, ORDER);
                t88.intoMemorySegment(out, y + 8 * outLeg + IM, ORDER);
            }
        }
    }

    /** As {@link #radix9}, each input but the first times its twiddle factor. */
    static void radix9Twiddled(
            FourierPass s,
            int outer,
            MemorySegment in,
            long inAt,
            long inOuter,
            MemorySegment out,
            long outAt,
            long outOuter,
            MemorySegment twiddles,
            long twiddlesAt) {
        final long inLeg = s.inLeg();
        final long outLeg = s.outLeg();
        final long inStep = s.inStep();
        final long outStep = s.outStep();
        final long twiddleStep = s.twiddleStep();
        for (int o = 0; o < outer; o++) {
            long x = inAt + o * inOuter;
            long y = outAt + o * outOuter;
            long w = twiddlesAt + o * s.outerTwiddle();
            for (long end = x + s.count() * inStep; x != end; x += inStep, y += outStep, w += twiddleStep) {
                FloatVector x0re = FloatVector.fromMemorySegment(SPECIES, in, x, ORDER);
                FloatVector x0im = FloatVector.fromMemorySegment(SPECIES, in, x + IM, ORDER);
                FloatVector x3re = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg, ORDER);
                FloatVector x3im = FloatVector.fromMemorySegment(SPECIES, in, x + 3 * inLeg + IM, ORDER);
                FloatVector w3re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 16));
                FloatVector w3im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 20));
                FloatVector z3re = x3re.mul(w3re).sub(x3im.mul(w3im));
                FloatVector z3im = x3re.fma(w3im, x3im.mul(w3re));
                FloatVector x6re = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg, ORDER);
                FloatVector x6im = FloatVector.fromMemorySegment(SPECIES, in, x + 6 * inLeg + IM, ORDER);
                FloatVector w6re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 40));
                FloatVector w6im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 44));
                FloatVector z6re = x6re.mul(w6re).sub(x6im.mul(w6im));
                FloatVector z6im = x6re.fma(w6im, x6im.mul(w6re));
                FloatVector t1 = z3re.add(z6re);
                FloatVector t2 = z3im.add(z6im);
                FloatVector t3 = x0re.add(t1);
                FloatVector t4 = x0im.add(t2);
                FloatVector t5 = t1.fma(MINUS_HALF, x0re);
                FloatVector t6 = t2.fma(MINUS_HALF, x0im);
                FloatVector t7 = z3re.sub(z6re);
                FloatVector t8 = z3im.sub(z6im);
                FloatVector t9 = t8.fma(SIN60, t5);
                FloatVector t10 = t7.fma(MINUS_SIN60, t6);
                FloatVector t11 = t8.fma(MINUS_SIN60, t5);
                FloatVector t12 = t7.fma(SIN60, t6);
                FloatVector x1re = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg, ORDER);
                FloatVector x1im = FloatVector.fromMemorySegment(SPECIES, in, x + inLeg + IM, ORDER);
                FloatVector w1re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 0));
                FloatVector w1im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 4));
                FloatVector z1re = x1re.mul(w1re).sub(x1im.mul(w1im));
                FloatVector z1im = x1re.fma(w1im, x1im.mul(w1re));
                FloatVector x4re = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg, ORDER);
                FloatVector x4im = FloatVector.fromMemorySegment(SPECIES, in, x + 4 * inLeg + IM, ORDER);
                FloatVector w4re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 24));
                FloatVector w4im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 28));
                FloatVector z4re = x4re.mul(w4re).sub(x4im.mul(w4im));
                FloatVector z4im = x4re.fma(w4im, x4im.mul(w4re));
                FloatVector x7re = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg, ORDER);
                FloatVector x7im = FloatVector.fromMemorySegment(SPECIES, in, x + 7 * inLeg + IM, ORDER);
                FloatVector w7re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 48));
                FloatVector w7im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 52));
                FloatVector z7re = x7re.mul(w7re).sub(x7im.mul(w7im));
                FloatVector z7im = x7re.fma(w7im, x7im.mul(w7re));
                FloatVector t13 = z4re.add(z7re);
                FloatVector t14 = z4im.add(z7im);
                FloatVector t15 = z1re.add(t13);
                FloatVector t16 = z1im.add(t14);
                FloatVector t17 = t13.fma(MINUS_HALF, z1re);
                FloatVector t18 = t14.fma(MINUS_HALF, z1im);
                FloatVector t19 = z4re.sub(z7re);
                FloatVector t20 = z4im.sub(z7im);
                FloatVector t21 = t20.fma(SIN60, t17);
                FloatVector t22 = t19.fma(MINUS_SIN60, t18);
                FloatVector t23 = t20.fma(MINUS_SIN60, t17);
                FloatVector t24 = t19.fma(SIN60, t18);
                FloatVector x2re = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg, ORDER);
                FloatVector x2im = FloatVector.fromMemorySegment(SPECIES, in, x + 2 * inLeg + IM, ORDER);
                FloatVector w2re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 8));
                FloatVector w2im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 12));
                FloatVector z2re = x2re.mul(w2re).sub(x2im.mul(w2im));
                FloatVector z2im = x2re.fma(w2im, x2im.mul(w2re));
                FloatVector x5re = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg, ORDER);
                FloatVector x5im = FloatVector.fromMemorySegment(SPECIES, in, x + 5 * inLeg + IM, ORDER);
                FloatVector w5re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 32));
                FloatVector w5im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 36));
                FloatVector z5re = x5re.mul(w5re).sub(x5im.mul(w5im));
                FloatVector z5im = x5re.fma(w5im, x5im.mul(w5re));
                FloatVector x8re = FloatVector.fromMemorySegment(SPECIES, in, x + 8 * inLeg, ORDER);
                FloatVector x8im = FloatVector.fromMemorySegment(SPECIES, in, x + 8 * inLeg + IM, ORDER);
                FloatVector w8re = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 56));
                FloatVector w8im = FloatVector.broadcast(SPECIES, twiddles.get(ValueLayout.JAVA_FLOAT, w + 60));
                FloatVector z8re = x8re.mul(w8re).sub(x8im.mul(w8im));
                FloatVector z8im = x8re.fma(w8im, x8im.mul(w8re));
                FloatVector t25 = z5re.add(z8re);
                FloatVector t26 = z5im.add(z8im);
                FloatVector t27 = z2re.add(t25);
                FloatVector t28 = z2im.add(t26);
                FloatVector t29 = t25.fma(MINUS_HALF, z2re);
                FloatVector t30 = t26.fma(MINUS_HALF, z2im);
                FloatVector t31 = z5re.sub(z8re);
                FloatVector t32 = z5im.sub(z8im);
                FloatVector t33 = t32.fma(SIN60, t29);
                FloatVector t34 = t31.fma(MINUS_SIN60, t30);
                FloatVector t35 = t32.fma(MINUS_SIN60, t29);
                FloatVector t36 = t31.fma(SIN60, t30);
                FloatVector t37 = t15.add(t27);
                FloatVector t38 = t16.add(t28);
                FloatVector t39 = t3.add(t37);
                FloatVector t40 = t4.add(t38);
                FloatVector t41 = t37.fma(MINUS_HALF, t3);
                FloatVector t42 = t38.fma(MINUS_HALF, t4);
                FloatVector t43 = t15.sub(t27);
                FloatVector t44 = t16.sub(t28);
                FloatVector t45 = t44.fma(SIN60, t41);
                FloatVector t46 = t43.fma(MINUS_SIN60, t42);
                FloatVector t47 = t44.fma(MINUS_SIN60, t41);
                FloatVector t48 = t43.fma(SIN60, t42);
                FloatVector t49 = t21.mul(COS40);
                FloatVector t50 = t22.fma(SIN40, t49);
                FloatVector t51 = t22.mul(COS40);
                FloatVector t52 = t21.fma(MINUS_SIN40, t51);
                FloatVector t53 = t33.mul(COS80);
                FloatVector t54 = t34.fma(SIN80, t53);
                FloatVector t55 = t34.mul(COS80);
                FloatVector t56 = t33.fma(MINUS_SIN80, t55);
                FloatVector t57 = t50.add(t54);
                FloatVector t58 = t52.add(t56);
                FloatVector t59 = t9.add(t57);
                FloatVector t60 = t10.add(t58);
                FloatVector t61 = t57.fma(MINUS_HALF, t9);
                FloatVector t62 = t58.fma(MINUS_HALF, t10);
                FloatVector t63 = t50.sub(t54);
                FloatVector t64 = t52.sub(t56);
                FloatVector t65 = t64.fma(SIN60, t61);
                FloatVector t66 = t63.fma(MINUS_SIN60, t62);
                FloatVector t67 = t64.fma(MINUS_SIN60, t61);
                FloatVector t68 = t63.fma(SIN60, t62);
                FloatVector t69 = t23.mul(COS80);
                FloatVector t70 = t24.fma(SIN80, t69);
                FloatVector t71 = t24.mul(COS80);
                FloatVector t72 = t23.fma(MINUS_SIN80, t71);
                FloatVector t73 = t35.mul(COS160);
                FloatVector t74 = t36.fma(SIN160, t73);
                FloatVector t75 = t36.mul(COS160);
                FloatVector t76 = t35.fma(MINUS_SIN160, t75);
                FloatVector t77 = t70.add(t74);
                FloatVector t78 = t72.add(t76);
                FloatVector t79 = t11.add(t77);
                FloatVector t80 = t12.add(t78);
                FloatVector t81 = t77.fma(MINUS_HALF, t11);
                FloatVector t82 = t78.fma(MINUS_HALF, t12);
                FloatVector t83 = t70.sub(t74);
                FloatVector t84 = t72.sub(t76);
                FloatVector t85 = t84.fma(SIN60, t81);
                FloatVector t86 = t83.fma(MINUS_SIN60, t82);
                FloatVector t87 = t84.fma(MINUS_SIN60, t81);
                FloatVector t88 = t83.fma(SIN60, t82);
                t39.intoMemorySegment(out, y, ORDER);
                t40.intoMemorySegment(out, y + IM, ORDER);
                t59.intoMemorySegment(out, y + outLeg, ORDER);
                t60.intoMemorySegment(out, y + outLeg + IM, ORDER);
                t79.intoMemorySegment(out, y + 2 * outLeg, ORDER);
                t80.intoMemorySegment(out, y + 2 * outLeg + IM, ORDER);
                t45.intoMemorySegment(out, y + 3 * outLeg, ORDER);
                t46.intoMemorySegment(out, y + 3 * outLeg + IM, ORDER);
                t65.intoMemorySegment(out, y + 4 * outLeg, ORDER);
                t66.intoMemorySegment(out, y + 4 * outLeg + IM, ORDER);
                t85.intoMemorySegment(out, y + 5 * outLeg, ORDER);
                t86.intoMemorySegment(out, y + 5 * outLeg + IM, ORDER);
                t47.intoMemorySegment(out, y + 6 * outLeg, ORDER);
                t48.intoMemorySegment(out, y + 6 * outLeg + IM, ORDER);
                t67.intoMemorySegment(out, y + 7 * outLeg, ORDER);
                t68.intoMemorySegment(out, y + 7 * outLeg + IM, ORDER);
                t87.intoMemorySegment(out, y + 8 * outLeg, ORDER);
                t88.intoMemorySegment(out, y + 8 * outLeg + IM, ORDER);
            }
        }
    }
}
