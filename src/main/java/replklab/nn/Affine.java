package replklab.nn;

import replklab.tensor.BatchNormState;

/**
 * y = scale * x + shift, channel by channel: what a batch norm is once its statistics no longer move. In double precision,
 * since several are multiplied together before a weight is rounded.
 *
 * @param scale factor of each channel
 * @param shift what is added to each channel
 */
public record Affine(double[] scale, double[] shift) {
    public Affine {
        if (scale.length != shift.length) {
            throw new IllegalArgumentException(
                    "affine map of " + scale.length + " scales and " + shift.length + " shifts; there must be as many");
        }
    }

    /** What a batch norm does in evaluation mode. */
    static Affine of(BatchNormState state) {
        float[] gamma = state.gamma().toArray();
        float[] beta = state.beta().toArray();
        float[] mean = state.runningMean().toArray();
        float[] variance = state.runningVariance().toArray();
        double[] scale = new double[gamma.length];
        double[] shift = new double[gamma.length];
        for (int c = 0; c < gamma.length; c++) {
            scale[c] = gamma[c] / Math.sqrt(variance[c] + state.epsilon());
            shift[c] = beta[c] - mean[c] * scale[c];
        }
        return new Affine(scale, shift);
    }

    /** This map and another one after it, as one. */
    Affine then(Affine next) {
        requireChannels(next.channels());
        double[] bothScale = new double[scale.length];
        double[] bothShift = new double[scale.length];
        for (int c = 0; c < scale.length; c++) {
            bothScale[c] = next.scale[c] * scale[c];
            bothShift[c] = next.scale[c] * shift[c] + next.shift[c];
        }
        return new Affine(bothScale, bothShift);
    }

    /** Number of channels. */
    public int channels() {
        return scale.length;
    }

    void requireChannels(int channels) {
        if (channels != scale.length) {
            throw new IllegalArgumentException(
                    "an affine map of " + scale.length + " channels beside something of " + channels);
        }
    }
}
