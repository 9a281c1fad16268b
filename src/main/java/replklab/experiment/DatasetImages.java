package replklab.experiment;

import java.util.stream.IntStream;
import replklab.analysis.ImageSource;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.tensor.Tensor;

/** Some images of a data set, to be looked at by networks. */
final class DatasetImages {
    private DatasetImages() {}

    /** Images by their index, as a tensor (n, h, w, c), normalised. */
    static Tensor of(ImageDataset dataset, IntStream examples) {
        int[] wanted = examples.toArray();
        ImageShape shape = dataset.shape();
        float[] pixels = new float[wanted.length * shape.values()];
        for (int i = 0; i < wanted.length; i++) {
            dataset.read(wanted[i], pixels, i * shape.values());
        }
        return Tensor.of(pixels, wanted.length, shape.height(), shape.width(), shape.channels());
    }

    /** Some images for a receptive field, spread evenly over a data set, whose classes may follow each other; all if it has fewer. */
    static ImageSource spread(ImageDataset dataset, int count) {
        int images = Math.min(count, dataset.size());
        return ImageSource.of(of(
                dataset, IntStream.range(0, images).map(i -> Math.toIntExact((long) i * dataset.size() / images))));
    }
}
