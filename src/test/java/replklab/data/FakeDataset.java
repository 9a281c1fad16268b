package replklab.data;

import java.util.List;
import java.util.stream.IntStream;

/** Images that can be computed in the head: value j of image i is 1000 i + j. Labels go round, or as given. */
class FakeDataset implements ImageDataset {
    private final ImageShape shape;
    private final int[] labels;
    private final DatasetInfo info;

    FakeDataset(ImageShape shape, Split split, int classes, int... labels) {
        this.shape = shape;
        this.labels = labels;
        this.info = new DatasetInfo(
                "fake",
                "nowhere",
                split,
                DatasetInfo.ALL,
                labels.length,
                "0123",
                new Normalization(List.of(0.5), List.of(0.25)),
                IntStream.range(0, classes).mapToObj(c -> "class " + c).toList());
    }

    static FakeDataset roundRobin(ImageShape shape, int size, int classes) {
        return new FakeDataset(
                shape,
                Split.TRAIN,
                classes,
                IntStream.range(0, size).map(i -> i % classes).toArray());
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
        for (int j = 0; j < shape.values(); j++) {
            into[offset + j] = 1000 * index + j;
        }
    }
}
