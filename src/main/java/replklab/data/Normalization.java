package replklab.data;

import java.util.List;
import replklab.base.UsageException;

/**
 * What makes a byte a network's input: {@code (byte / 255 - mean) / std}, channel by channel.
 *
 * @param mean one value a channel, on the scale 0 to 1
 * @param std one positive value a channel, on the same scale
 */
public record Normalization(List<Double> mean, List<Double> std) {
    public Normalization {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size()) {
            throw new UsageException(
                    "normalisation: mean " + mean + " and std " + std + " must have one value for each channel");
        }
        if (!mean.stream().allMatch(Double::isFinite)
                || !std.stream().allMatch(value -> Double.isFinite(value) && value > 0)) {
            throw new UsageException(
                    "normalisation: mean " + mean + " must be finite and std " + std + " finite and positive");
        }
    }

    /** Number of channels. */
    public int channels() {
        return mean.size();
    }

    /**
     * The normalised value of a sample.
     *
     * @param sample 0 to 255, fractions allowed
     */
    public float apply(float sample, int channel) {
        return (float) ((sample / 255.0 - mean.get(channel)) / std.get(channel));
    }

    /** The normalised values of black, one a channel: what lies outside an image. */
    public float[] black() {
        float[] black = new float[channels()];
        for (int c = 0; c < black.length; c++) {
            black[c] = apply(0, c);
        }
        return black;
    }

    /** How far a normalised value moves with a step of one in 255, one a channel. */
    float[] slope() {
        float[] slope = new float[channels()];
        for (int c = 0; c < slope.length; c++) {
            slope[c] = (float) (1 / (255.0 * std.get(c)));
        }
        return slope;
    }

    /** The normalised value of every byte: {@code [channel][0..255]}. */
    float[][] tables() {
        float[][] tables = new float[channels()][256];
        for (int c = 0; c < tables.length; c++) {
            for (int value = 0; value < 256; value++) {
                tables[c][value] = apply(value, c);
            }
        }
        return tables;
    }
}
