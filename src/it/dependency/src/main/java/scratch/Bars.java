package scratch;

import java.util.Arrays;
import java.util.List;
import replklab.data.DatasetInfo;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.data.Normalization;
import replklab.data.Split;

/** A data set of one's own: dark images with a bright bar, upright or lying. */
record Bars(Split split, int size) implements ImageDataset {
    private static final int SIDE = 12;

    @Override
    public DatasetInfo info() {
        return new DatasetInfo(
                "bars",
                "drawn",
                split,
                DatasetInfo.ALL,
                size,
                "0".repeat(64),
                new Normalization(List.of(0.0), List.of(1.0)),
                List.of("upright", "lying"));
    }

    @Override
    public ImageShape shape() {
        return new ImageShape(SIDE, SIDE, 1);
    }

    @Override
    public int label(int index) {
        return index % 2;
    }

    @Override
    public void read(int index, float[] into, int offset) {
        Arrays.fill(into, offset, offset + SIDE * SIDE, 0);
        int place = index / 2 % SIDE;
        for (int i = 0; i < SIDE; i++) {
            into[offset + (label(index) == 0 ? i * SIDE + place : place * SIDE + i)] = 1;
        }
    }
}
