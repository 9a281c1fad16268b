package replklab.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import replklab.base.Digests;
import replklab.base.UsageException;

/** Images that are arrays in memory: drawn, computed, or read by a reader of one's own. Their digest follows from their values. */
public final class ArrayImages implements ImageDataset {
    private final DatasetInfo info;
    private final ImageShape shape;
    private final float[][] images;
    private final int[] labels;

    private ArrayImages(DatasetInfo info, ImageShape shape, float[][] images, int[] labels) {
        this.info = info;
        this.shape = shape;
        this.images = images;
        this.labels = labels;
    }

    /**
     * One half of a data set.
     *
     * @param name of the data set, for the records of runs
     * @param shape of every image
     * @param classes their names; a label is an index into them
     * @param images values by (height, width, channels) of each, as the network gets them; between 0 and 1, where 0 is black, for
     *     pictures of them to look right. They are not copied
     * @param labels one an image
     * @throws UsageException if an image has another size, or a label no class
     */
    public static ArrayImages of(
            String name, Split split, ImageShape shape, List<String> classes, float[][] images, int[] labels) {
        if (images.length != labels.length) {
            throw new UsageException("data set '" + name + "' has " + images.length + " images and " + labels.length
                    + " labels; each image has one");
        }
        for (int i = 0; i < images.length; i++) {
            if (images[i].length != shape.values()) {
                throw new UsageException("image " + i + " of data set '" + name + "' has " + images[i].length
                        + " values; " + shape + " are " + shape.values());
            }
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new UsageException("image " + i + " of data set '" + name + "' has the label " + labels[i]
                        + "; its " + classes.size() + " classes are 0 to " + (classes.size() - 1));
            }
        }
        List<Double> zeros = Collections.nCopies(shape.channels(), 0.0);
        List<Double> ones = Collections.nCopies(shape.channels(), 1.0);
        DatasetInfo info = new DatasetInfo(
                name,
                "arrays in memory",
                split,
                DatasetInfo.ALL,
                images.length,
                digest(shape, classes, images, labels),
                new Normalization(zeros, ones),
                classes);
        return new ArrayImages(info, shape, images, labels.clone());
    }

    private static String digest(ImageShape shape, List<String> classes, float[][] images, int[] labels) {
        MessageDigest sha256 = Digests.sha256();
        sha256.update((shape + " " + classes).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < images.length; i++) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * images[i].length + Integer.BYTES);
            bytes.putInt(labels[i]).asFloatBuffer().put(images[i]);
            sha256.update(bytes.array());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void read(int index, float[] into, int offset) {
        System.arraycopy(images[index], 0, into, offset, images[index].length);
    }
}
