package replklab.conv;

import java.util.Locale;
import replklab.base.UsageException;

/** How a depthwise convolution is computed. */
public enum Algorithm {
    /** Sums over taps: {@link DirectDepthwise}. */
    DIRECT,
    /** Fourier transforms: {@link FftDepthwise}. For a pair of kernels: with what they have in common transformed once. */
    FFT,
    /** For a pair of kernels only: each by itself, by what is planned for it alone. */
    SEPARATE;

    /** Lower case, as in plans. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The algorithm of a {@link #label()}. */
    public static Algorithm of(String label) {
        for (Algorithm algorithm : values()) {
            if (algorithm.label().equals(label)) {
                return algorithm;
            }
        }
        throw new UsageException("no depthwise algorithm '" + label + "'; there are direct, fft and separate");
    }
}
