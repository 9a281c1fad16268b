package replklab.train;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import replklab.base.LabException;
import replklab.data.DatasetInfo;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.data.Preprocessing;

/** Images of which some may be broken: they are read as black, and remembered. */
final class ReadableImages implements ImageDataset {
    private final ImageDataset all;
    private final ConcurrentSkipListMap<Integer, String> broken = new ConcurrentSkipListMap<>();

    ReadableImages(ImageDataset all) {
        this.all = all;
    }

    /** Whether an image that has been read could not be. */
    boolean isBroken(int index) {
        return broken.containsKey(index);
    }

    /** What is said of the broken ones among the first images. */
    List<String> broken(int count) {
        return List.copyOf(broken.headMap(count).values());
    }

    @Override
    public DatasetInfo info() {
        return all.info();
    }

    @Override
    public ImageShape shape() {
        return all.shape();
    }

    @Override
    public Preprocessing.Resize resize() {
        return all.resize();
    }

    @Override
    public int label(int index) {
        return all.label(index);
    }

    @Override
    public void read(int index, float[] into, int offset) {
        try {
            all.read(index, into, offset);
        } catch (LabException e) {
            broken.put(index, e.getMessage());
            Arrays.fill(into, offset, offset + shape().values(), 0);
        }
    }
}
