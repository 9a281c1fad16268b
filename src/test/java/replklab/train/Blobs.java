package replklab.train;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import replklab.data.DatasetInfo;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.data.Normalization;
import replklab.data.Split;
import replklab.data.TrainTest;

/** Three classes of small noisy images, each bright in a corner of its own: learned within a few steps. */
class Blobs implements ImageDataset {
    static final int CLASSES = 3;
    private static final int SIDE = 8;

    private final DatasetInfo info;

    Blobs(Split split, int size) {
        this.info = new DatasetInfo(
                "blobs",
                "made here",
                split,
                DatasetInfo.ALL,
                size,
                "0",
                new Normalization(List.of(0.5), List.of(0.5)),
                IntStream.range(0, CLASSES).mapToObj(c -> "corner " + c).toList());
    }

    /** 24 images to train on, 10 to test on. */
    static TrainTest data() {
        return new TrainTest(new Blobs(Split.TRAIN, 24), new Blobs(Split.TEST, 10));
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public ImageShape shape() {
        return new ImageShape(SIDE, SIDE, 1);
    }

    @Override
    public int label(int index) {
        return index % CLASSES;
    }

    @Override
    public void read(int index, float[] into, int offset) {
        SplittableRandom random = new SplittableRandom(index + (info.split() == Split.TRAIN ? 0 : 1000));
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int corner = (y < SIDE / 2 ? 0 : 2) + (x < SIDE / 2 ? 0 : 1);
                double bright = corner == label(index) ? 2 : 0;
                into[offset + y * SIDE + x] = (float) (bright + 0.5 * random.nextGaussian());
            }
        }
    }
}
