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
    /** ImageNet's colours: what nearly every published network wants. */
    public static final Normalization IMAGENET =
            new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    /** Bytes to -1 to 1: RepLKNet-XL's. */
    public static final Normalization HALF = new Normalization(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

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

    /** The byte that {@link #apply} made a value of, to the nearest. */
    int sample(float value, int channel) {
        return Math.clamp(Math.round((value * std.get(channel) + mean.get(channel)) * 255), 0, 255);
    }

    /** The normalised values of black, one a channel: what lies outside an image. */
    public float[] black() {
        float[] black = new float[channels()];
        for (int c = 0; c < black.length; c++) {
            black[c] = apply(0, c);
        }
        return black;
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
