package replklab.data;

import java.io.Closeable;
import java.nio.file.Path;
import replklab.base.LabException;
import replklab.tensor.ChannelsFirst;
import replklab.tensor.Tensor;

/** Images in a NumPy file of shape (n, channels, height, width), floats normalised already, read batch by batch. */
public final class NpyImages implements Closeable {
    private final NpyFile file;
    private final int[] shape;

    private NpyImages(NpyFile file) {
        this.file = file;
        this.shape = file.shape();
    }

    /**
     * Opens a file.
     *
     * @param channels that the images must have
     * @throws LabException naming the file if it has another rank, type or number of channels, or no image
     */
    public static NpyImages open(Path path, int channels) {
        NpyFile file = NpyFile.open(path);
        NpyImages images = new NpyImages(file);
        String problem = images.problem(channels);
        if (problem != null) {
            images.close();
            throw new LabException("images " + path + " " + problem);
        }
        return images;
    }

    private String problem(int channels) {
        String what = "have shape " + file.shapeText() + " and type " + file.type();
        if (shape.length != 4) {
            return what + "; images are (n, channels, height, width)";
        }
        if (shape[0] < 1 || shape[2] < 1 || shape[3] < 1) {
            return what + ", which is empty";
        }
        if (shape[1] != channels) {
            String last = shape[3] == channels ? ", channels first" : "";
            return what + ", so " + shape[1] + " channels; the network takes " + channels + last;
        }
        return file.type().startsWith("f")
                ? null
                : what + "; they must be floats, normalised as the network was trained";
    }

    /** Number of images. */
    public int count() {
        return shape[0];
    }

    /** Height of each in pixels. */
    public int height() {
        return shape[2];
    }

    /** Width of each in pixels. */
    public int width() {
        return shape[3];
    }

    /** Images {@code from} up to {@code from + n} as a tensor (n, h, w, c). */
    public Tensor batch(int from, int n) {
        return ChannelsFirst.tensor(file.floats(from, n), n, shape[1], shape[2], shape[3]);
    }

    @Override
    public void close() {
        file.close();
    }
}
