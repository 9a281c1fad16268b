package replklab.conv;

import static replklab.conv.Correlation.SPECIES;
import static replklab.conv.FourierTransform.COMPLEX;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The loops around the transforms of {@link FftDepthwise}: between pairs of real rows and the columns of their spectra,
 * and the products of spectra. Memory is not checked here.
 *
 * <p>Two real rows a and b are transformed as one complex row z = a + ib. With z' the conjugate of z at the opposite
 * frequency, 2A = z + z' and 2iB = z - z'; the factors 2 are made good where the filter's spectrum is scaled.
 */
final class SpectrumKernels {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long IM = SPECIES.vectorByteSize();

    private SpectrumKernels() {}

    /**
     * Takes one column out of the pairs' spectra: twice the spectra of the pairs' rows at one frequency.
     *
     * @param pairs number of pairs
     * @param at the first pair's value at the frequency, {@code oppositeAt} at the opposite one
     * @param pairStep bytes from a pair to the next one
     * @param columnAt where row 0 goes; rows follow one another
     */
    static void gather(
            int pairs,
            MemorySegment spectrum,
            long at,
            long oppositeAt,
            long pairStep,
            MemorySegment column,
            long columnAt) {
        long z = at;
        long m = oppositeAt;
        long c = columnAt;
        for (long end = columnAt + pairs * 2 * COMPLEX; c != end; c += 2 * COMPLEX, z += pairStep, m += pairStep) {
            FloatVector zre = FloatVector.fromMemorySegment(SPECIES, spectrum, z, ORDER);
            FloatVector zim = FloatVector.fromMemorySegment(SPECIES, spectrum, z + IM, ORDER);
            FloatVector mre = FloatVector.fromMemorySegment(SPECIES, spectrum, m, ORDER);
            FloatVector mim = FloatVector.fromMemorySegment(SPECIES, spectrum, m + IM, ORDER);
            zre.add(mre).intoMemorySegment(column, c, ORDER);
            zim.sub(mim).intoMemorySegment(column, c + IM, ORDER);
            zim.add(mim).intoMemorySegment(column, c + COMPLEX, ORDER);
            mre.sub(zre).intoMemorySegment(column, c + COMPLEX + IM, ORDER);
        }
    }

    /** The inverse of {@link #gather}, from conjugates a', b' to the conjugate of the spectrum of a - ib: see FftDepthwise. */
    static void scatter(
            int pairs,
            MemorySegment column,
            long columnAt,
            MemorySegment spectrum,
            long at,
            long oppositeAt,
            long pairStep) {
        long z = at;
        long m = oppositeAt;
        long c = columnAt;
        for (long end = columnAt + pairs * 2 * COMPLEX; c != end; c += 2 * COMPLEX, z += pairStep, m += pairStep) {
            FloatVector are = FloatVector.fromMemorySegment(SPECIES, column, c, ORDER);
            FloatVector aim = FloatVector.fromMemorySegment(SPECIES, column, c + IM, ORDER);
            FloatVector bre = FloatVector.fromMemorySegment(SPECIES, column, c + COMPLEX, ORDER);
            FloatVector bim = FloatVector.fromMemorySegment(SPECIES, column, c + COMPLEX + IM, ORDER);
            are.sub(bim).intoMemorySegment(spectrum, z, ORDER);
            aim.add(bre).intoMemorySegment(spectrum, z + IM, ORDER);
            are.add(bim).intoMemorySegment(spectrum, m, ORDER);
            bre.sub(aim).intoMemorySegment(spectrum, m + IM, ORDER);
        }
    }

    /** {@code out = conj(x) w}: the conjugate of the spectrum of a correlation of x with w. */
    static void correlate(
            int count, MemorySegment x, long xAt, MemorySegment w, long wAt, MemorySegment out, long outAt) {
        long a = xAt;
        long b = wAt;
        long o = outAt;
        for (long end = outAt + count * COMPLEX; o != end; o += COMPLEX, a += COMPLEX, b += COMPLEX) {
            FloatVector xre = FloatVector.fromMemorySegment(SPECIES, x, a, ORDER);
            FloatVector xim = FloatVector.fromMemorySegment(SPECIES, x, a + IM, ORDER);
            FloatVector wre = FloatVector.fromMemorySegment(SPECIES, w, b, ORDER);
            FloatVector wim = FloatVector.fromMemorySegment(SPECIES, w, b + IM, ORDER);
            xre.fma(wre, xim.mul(wim)).intoMemorySegment(out, o, ORDER);
            xre.mul(wim).sub(xim.mul(wre)).intoMemorySegment(out, o + IM, ORDER);
        }
    }

    /** {@code out = conj(x w)}: the conjugate of the spectrum of a convolution of x with w. */
    static void convolve(
            int count, MemorySegment x, long xAt, MemorySegment w, long wAt, MemorySegment out, long outAt) {
        long a = xAt;
        long b = wAt;
        long o = outAt;
        for (long end = outAt + count * COMPLEX; o != end; o += COMPLEX, a += COMPLEX, b += COMPLEX) {
            FloatVector xre = FloatVector.fromMemorySegment(SPECIES, x, a, ORDER);
            FloatVector xim = FloatVector.fromMemorySegment(SPECIES, x, a + IM, ORDER);
            FloatVector wre = FloatVector.fromMemorySegment(SPECIES, w, b, ORDER);
            FloatVector wim = FloatVector.fromMemorySegment(SPECIES, w, b + IM, ORDER);
            xre.mul(wre).sub(xim.mul(wim)).intoMemorySegment(out, o, ORDER);
            xre.fma(wim, xim.mul(wre)).neg().intoMemorySegment(out, o + IM, ORDER);
        }
    }

    /** {@code out += conj(x w)}. */
    static void addConvolve(
            int count, MemorySegment x, long xAt, MemorySegment w, long wAt, MemorySegment out, long outAt) {
        long a = xAt;
        long b = wAt;
        long o = outAt;
        for (long end = outAt + count * COMPLEX; o != end; o += COMPLEX, a += COMPLEX, b += COMPLEX) {
            FloatVector xre = FloatVector.fromMemorySegment(SPECIES, x, a, ORDER);
            FloatVector xim = FloatVector.fromMemorySegment(SPECIES, x, a + IM, ORDER);
            FloatVector wre = FloatVector.fromMemorySegment(SPECIES, w, b, ORDER);
            FloatVector wim = FloatVector.fromMemorySegment(SPECIES, w, b + IM, ORDER);
            FloatVector re = FloatVector.fromMemorySegment(SPECIES, out, o, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(SPECIES, out, o + IM, ORDER);
            xre.fma(wre, re).sub(xim.mul(wim)).intoMemorySegment(out, o, ORDER);
            im.sub(xre.fma(wim, xim.mul(wre))).intoMemorySegment(out, o + IM, ORDER);
        }
    }

    /** {@code out += conj(x) dy}: the conjugate of the spectrum of a correlation of x with dy. */
    static void addCorrelate(
            int count, MemorySegment x, long xAt, MemorySegment dy, long dyAt, MemorySegment out, long outAt) {
        long a = xAt;
        long b = dyAt;
        long o = outAt;
        for (long end = outAt + count * COMPLEX; o != end; o += COMPLEX, a += COMPLEX, b += COMPLEX) {
            FloatVector xre = FloatVector.fromMemorySegment(SPECIES, x, a, ORDER);
            FloatVector xim = FloatVector.fromMemorySegment(SPECIES, x, a + IM, ORDER);
            FloatVector wre = FloatVector.fromMemorySegment(SPECIES, dy, b, ORDER);
            FloatVector wim = FloatVector.fromMemorySegment(SPECIES, dy, b + IM, ORDER);
            FloatVector re = FloatVector.fromMemorySegment(SPECIES, out, o, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(SPECIES, out, o + IM, ORDER);
            xre.fma(wre, xim.fma(wim, re)).intoMemorySegment(out, o, ORDER);
            xre.fma(wim, im).sub(xim.mul(wre)).intoMemorySegment(out, o + IM, ORDER);
        }
    }
}
