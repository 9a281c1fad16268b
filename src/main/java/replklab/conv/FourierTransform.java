package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import replklab.base.NativeMemory;
import replklab.base.Remembered;

/**
 * A one-dimensional discrete Fourier transform of a fixed length over vectors of channels: Stockham's self-sorting form,
 * one pass a radix, natural order in and out.
 *
 * <p>After passes of product l, the transforms of length l of every (n / l)-th element are known; a pass of radix r joins r of
 * them. The first pass writes where it read, so it may work in place.
 */
final class FourierTransform {
    /** Bytes of a complex number for one vector of channels. */
    static final long COMPLEX = 2L * SPECIES.vectorByteSize();

    private static final Remembered<Integer, FourierTransform> OF_LENGTH =
            new Remembered<>(FourierTransform::new, transform -> transform.twiddles.byteSize());

    private final int length;
    private final FourierPass[] passes;
    private final MemorySegment twiddles;

    private FourierTransform(int length) {
        this.length = length;
        int[] radices = Radices.of(length);
        this.passes = new FourierPass[radices.length];
        this.twiddles = NativeMemory.allocate(8L * length * radices.length);
        long at = 0;
        int done = 1;
        for (int i = 0; i < radices.length; i++) {
            int radix = radices[i];
            int rest = length / (done * radix);
            passes[i] = pass(radix, done, rest, i == 0 ? -1 : at);
            if (i > 0) {
                at = writeTwiddles(radix, done, at);
            }
            done *= radix;
        }
    }

    /** The transform of the given length, a product of {@link Radices}. */
    static FourierTransform of(int length) {
        return OF_LENGTH.of(length);
    }

    int length() {
        return length;
    }

    private static FourierPass pass(int radix, int done, int rest, long twiddlesAt) {
        long twiddleBytes = 8L * (radix - 1);
        long outLeg = (long) done * rest * COMPLEX;
        if (rest == 1 && done > 1) {
            // The last pass: its butterflies lie one after another, each with twiddles of its own.
            return new FourierPass(
                    radix, COMPLEX, outLeg, radix * COMPLEX, COMPLEX, done, 1, 0, 0, twiddlesAt, twiddleBytes, 0);
        }
        // A row of butterflies shares its twiddles; the first pass has one row and needs none.
        return new FourierPass(
                radix,
                rest * COMPLEX,
                outLeg,
                COMPLEX,
                COMPLEX,
                rest,
                done,
                (long) radix * rest * COMPLEX,
                rest * COMPLEX,
                twiddlesAt,
                0,
                twiddleBytes);
    }

    private long writeTwiddles(int radix, int done, long start) {
        long at = start;
        for (int p = 0; p < done; p++) {
            for (int k = 1; k < radix; k++) {
                double angle = -2 * Math.PI * k * p / (done * radix);
                twiddles.set(ValueLayout.JAVA_FLOAT, at, (float) Math.cos(angle));
                twiddles.set(ValueLayout.JAVA_FLOAT, at + 4, (float) Math.sin(angle));
                at += 8;
            }
        }
        return at;
    }

    /**
     * Transforms {@code batch} sequences, which may destroy the input; {@code in} and {@code out} must not overlap.
     *
     * @param inBatch bytes from a sequence to the next one in {@code in}
     * @param outBatch the same in {@code out}
     */
    void run(MemorySegment in, long inAt, long inBatch, MemorySegment out, long outAt, long outBatch, int batch) {
        if (passes.length == 1) {
            Butterflies.run(passes[0], batch, in, inAt, inBatch, out, outAt, outBatch, twiddles);
            return;
        }
        // In place, then to and fro, so that the last pass ends in `out`: with an even number of passes all but the
        // first
        // alternate from in to out; with an odd number the first one crosses over at once.
        boolean inPlaceFirst = passes.length % 2 == 0;
        MemorySegment from = in;
        long fromAt = inAt;
        long fromBatch = inBatch;
        boolean inOut = false;
        for (int i = 0; i < passes.length; i++) {
            boolean toOut = i == 0 ? !inPlaceFirst : !inOut;
            MemorySegment to = toOut ? out : in;
            long toAt = toOut ? outAt : inAt;
            long toBatch = toOut ? outBatch : inBatch;
            FourierPass pass = passes[i];
            if (pass.rows() == 1) {
                Butterflies.run(pass, batch, from, fromAt, fromBatch, to, toAt, toBatch, twiddles);
            } else {
                for (int b = 0; b < batch; b++) {
                    Butterflies.run(
                            pass,
                            pass.rows(),
                            from,
                            fromAt + b * fromBatch,
                            pass.inRow(),
                            to,
                            toAt + b * toBatch,
                            pass.outRow(),
                            twiddles);
                }
            }
            from = to;
            fromAt = toAt;
            fromBatch = toBatch;
            inOut = toOut;
        }
    }

    @Override
    public String toString() {
        return length + " = "
                + String.join(
                        " x ", Arrays.stream(passes).map(p -> "" + p.radix()).toList());
    }
}
