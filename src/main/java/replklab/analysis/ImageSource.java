package replklab.analysis;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import replklab.base.UsageException;
import replklab.tensor.Tensor;

/** Images to look at a network with, handed out a few at a time, so that many large ones need no memory at once. */
public interface ImageSource {
    /** How many there are, at least 1. */
    int count();

    /** Height of each in pixels. */
    int height();

    /** Width of each in pixels. */
    int width();

    /**
     * Some of them.
     *
     * @return (to - from, height, width, channels); the same values at every call
     */
    Tensor images(int from, int to);

    /**
     * The images of a tensor.
     *
     * @param images (n, h, w, c), not made on a tape
     */
    static ImageSource of(Tensor images) {
        return channelsFirst(images.toNd4j().permute(0, 3, 1, 2));
    }

    /**
     * The images of an ND4J array.
     *
     * @param images (n, c, h, w)
     */
    static ImageSource channelsFirst(INDArray images) {
        if (images.rank() != 4) {
            throw new UsageException("images have shape " + Arrays.toString(images.shape())
                    + "; it must be (images, channels, height, width)");
        }
        return new ImageSource() {
            @Override
            public int count() {
                return Math.toIntExact(images.size(0));
            }

            @Override
            public int height() {
                return Math.toIntExact(images.size(2));
            }

            @Override
            public int width() {
                return Math.toIntExact(images.size(3));
            }

            @Override
            public Tensor images(int from, int to) {
                // (n, c, h, w) -> (n, h, w, c)
                return Tensor.of(images.get(
                                NDArrayIndex.interval(from, to),
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.all())
                        .permute(0, 2, 3, 1)
                        .dup('c'));
            }
        };
    }
}
