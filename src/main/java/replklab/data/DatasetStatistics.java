package replklab.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a data set holds, counted.
 *
 * @param images of each class
 * @param pixels of each class, those that do not count last; empty if pixels have no labels
 * @param classes names of the images' classes
 * @param pixelClasses names of the pixels' classes
 * @param mean of all values of a channel, from 0 to 1
 * @param std their standard deviation
 */
public record DatasetStatistics(
        List<Long> images,
        List<Long> pixels,
        List<String> classes,
        List<String> pixelClasses,
        List<Double> mean,
        List<Double> std) {
    /** Counts every image of a data set. */
    public static DatasetStatistics of(ImageDataset dataset) {
        ImageShape shape = dataset.shape();
        DenseDataset dense = dataset instanceof DenseDataset labelled ? labelled : null;
        List<String> pixelClasses = dense == null ? List.of() : dense.pixelClasses();
        long[] images = new long[dataset.classes().size()];
        long[] pixels = new long[dense == null ? 0 : pixelClasses.size() + 1];
        double[] sum = new double[shape.channels()];
        double[] squares = new double[shape.channels()];
        float[] values = new float[shape.values()];
        byte[] labels = new byte[shape.pixels()];
        for (int i = 0; i < dataset.size(); i++) {
            images[dataset.label(i)]++;
            if (dense == null) {
                dataset.read(i, values, 0);
            } else {
                dense.read(i, values, 0, labels, 0);
                for (byte label : labels) {
                    pixels[Math.min(label & 0xFF, pixelClasses.size())]++;
                }
            }
            add(values, dataset.info().normalization(), sum, squares);
        }
        double count = (double) dataset.size() * shape.pixels();
        List<Double> mean = Arrays.stream(sum).mapToObj(each -> each / count).toList();
        List<Double> std = new ArrayList<>();
        for (int c = 0; c < squares.length; c++) {
            std.add(Math.sqrt(squares[c] / count - mean.get(c) * mean.get(c)));
        }
        return new DatasetStatistics(
                Arrays.stream(images).boxed().toList(),
                Arrays.stream(pixels).boxed().toList(),
                dataset.classes(),
                pixelClasses,
                mean,
                std);
    }

    private static void add(float[] values, Normalization normalization, double[] sum, double[] squares) {
        for (int i = 0; i < values.length; i++) {
            int c = i % sum.length;
            double value = values[i] * normalization.std().get(c)
                    + normalization.mean().get(c);
            sum[c] += value;
            squares[c] += value * value;
        }
    }

    /** Share of a class of the pixels that count, 0 to 1. */
    public double pixelShare(int label) {
        long counted = pixels.stream()
                .limit(pixelClasses.size())
                .mapToLong(Long::longValue)
                .sum();
        return (double) pixels.get(label) / counted;
    }

    /** The numbers to be read: lines, a class in each. */
    public String text() {
        StringBuilder text = new StringBuilder();
        long all = images.stream().mapToLong(Long::longValue).sum();
        text.append("%d images, mean %s, standard deviation %s%n".formatted(all, rounded(mean), rounded(std)));
        for (int c = 0; c < classes.size(); c++) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-24s %7d images  %5.1f %%%n",
                    classes.get(c),
                    images.get(c),
                    100.0 * images.get(c) / all));
        }
        for (int c = 0; c < pixelClasses.size(); c++) {
            text.append(String.format(
                    Locale.ROOT, "  %-24s %7.3f %% of the pixels%n", pixelClasses.get(c), 100 * pixelShare(c)));
        }
        if (!pixels.isEmpty() && pixels.getLast() > 0) {
            text.append("  %d pixels do not count%n".formatted(pixels.getLast()));
        }
        return text.toString().stripTrailing();
    }

    private static List<String> rounded(List<Double> values) {
        return values.stream()
                .map(value -> String.format(Locale.ROOT, "%.4f", value))
                .toList();
    }
}
