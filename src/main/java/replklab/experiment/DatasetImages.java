package replklab.experiment;

import java.util.stream.IntStream;
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
}
