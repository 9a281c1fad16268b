package replklab.data;

import java.util.List;
import java.util.stream.IntStream;

/** Images whose every pixel's value is its label, 0 to 3. */
final class FakeDense extends FakeDataset implements DenseDataset {
    FakeDense(ImageShape shape, int size) {
        super(shape, Split.TRAIN, 3, IntStream.range(0, size).map(i -> i % 3).toArray());
    }

    @Override
    public List<String> pixelClasses() {
        return List.of("a", "b", "c", "d");
    }

    @Override
    public void read(int index, float[] into, int offset) {
        for (int i = 0; i < shape().pixels(); i++) {
            into[offset + i] = label(index, i);
        }
    }

    @Override
    public void readLabels(int index, byte[] into, int offset) {
        for (int i = 0; i < shape().pixels(); i++) {
            into[offset + i] = label(index, i);
        }
    }

    private static byte label(int index, int pixel) {
        return (byte) ((index * 7 + pixel * pixel + pixel / 3) % 4);
    }
}
