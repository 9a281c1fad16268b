package replklab.experiment;

import java.util.List;
import replklab.data.DatasetInfo;
import replklab.data.DenseDataset;
import replklab.data.ImageShape;
import replklab.data.Normalization;
import replklab.data.Split;

/** Six images of 4x4 with a dot of their class's colour, and of its class. */
record Dots(List<String> classes) implements DenseDataset {
    private static final int SIDE = 4;

    @Override
    public DatasetInfo info() {
        return new DatasetInfo(
                "dots",
                "made here",
                Split.TEST,
                DatasetInfo.ALL,
                6,
                "d075",
                new Normalization(List.of(0.5, 0.5), List.of(0.5, 0.5)),
                classes);
    }

    @Override
    public ImageShape shape() {
        return new ImageShape(SIDE, SIDE, 2);
    }

    @Override
    public int label(int index) {
        return index % classes.size();
    }

    @Override
    public void read(int index, float[] into, int offset) {
        for (int i = 0; i < shape().values(); i++) {
            into[offset + i] = (i + index) % 3 - 1;
        }
    }

    @Override
    public List<String> pixelClasses() {
        return List.of("ground", "dot", "line");
    }

    @Override
    public void readLabels(int index, byte[] into, int offset) {
        for (int i = 0; i < shape().pixels(); i++) {
            into[offset + i] = (byte) ((i + index) % 3);
        }
    }
}
