package replklab.conv;

import static replklab.conv.Correlation.SPECIES;
import static replklab.conv.FourierTransform.COMPLEX;

/**
 * The geometry of one map's Fourier transform, for one vector of channels.
 *
 * <p>Taps farther from the centre than the map is long never touch it and are left out. A period of height + taps / 2 keeps
 * what wraps around away from every output pixel of 'same' padding: a circular correlation is enough.
 *
 * @param height of the map
 * @param width of the map
 * @param tapsY rows of taps that can touch the map, odd
 * @param tapsX columns of taps that can touch the map, odd
 * @param periodY length of the transform along the height
 * @param periodX length of the transform along the width
 */
record FourierGrid(int height, int width, int tapsY, int tapsX, int periodY, int periodX) {
    /** Bytes of first-level cache that a batch of lines or columns may take. */
    private static final long CACHE = 12 << 10;

    static FourierGrid of(ConvolutionShape s) {
        int tapsY = Math.min(s.kernel(), 2 * s.height() - 1);
        int tapsX = Math.min(s.kernel(), 2 * s.width() - 1);
        return new FourierGrid(
                s.height(),
                s.width(),
                tapsY,
                tapsX,
                Radices.lengthFor(s.height() + tapsY / 2),
                Radices.lengthFor(s.width() + tapsX / 2));
    }

    /** The same grid for a smaller kernel: what a parallel small kernel uses beside a large one. */
    FourierGrid withKernel(int kernel) {
        return new FourierGrid(
                height, width, Math.min(kernel, 2 * height - 1), Math.min(kernel, 2 * width - 1), periodY, periodX);
    }

    /** Pairs of image rows. */
    int pairs() {
        return (height + 1) / 2;
    }

    /** Frequencies along the width that a real row has: the others are conjugates. */
    int frequencies() {
        return periodX / 2 + 1;
    }

    /** Bytes of a line: a pair of rows before its transform. */
    long line() {
        return periodX * COMPLEX;
    }

    /** Bytes from a pair's spectrum to the next one: an odd number of vectors, or columns would compete for cache sets. */
    long pairStep() {
        return periodX * COMPLEX + SPECIES.vectorByteSize();
    }

    /** Bytes from a column to the next one; one element more than the period, for the odd row of the last pair. */
    long columnStep() {
        return (periodY + 1) * COMPLEX;
    }

    /** Bytes of the pairs' spectra of an image, or of a filter, whose rows come in two groups of pairs. */
    long pairsBytes() {
        return Math.max(pairs(), tapsY / 2 + 1) * pairStep();
    }

    /** Bytes of a two-dimensional spectrum, column after column. */
    long spectrumBytes() {
        return frequencies() * columnStep();
    }

    /** Lines transformed at once. */
    int lineBatch() {
        return Math.clamp(CACHE / line(), 1, 8);
    }

    /** Columns transformed at once. */
    int columnBatch() {
        return Math.clamp(CACHE / columnStep(), 1, 8);
    }

    /** What makes good that transforms there and back multiply by the number of points, and {@link SpectrumKernels} by 4. */
    float scale() {
        return (float) (1.0 / (4.0 * periodX * periodY));
    }
}
