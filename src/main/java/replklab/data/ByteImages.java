package replklab.data;

import java.util.Objects;

/** Images kept as the bytes of their files: a fourth of what floats would take, and normalised by table as they are read. */
final class ByteImages implements ImageDataset {
    private final DatasetInfo info;
    private final ImageShape shape;
    private final byte[] bytes;
    private final int first;
    private final int stride;
    private final byte[] labels;
    private final float[][] tables;

    /**
     * @param bytes image {@code i} begins at {@code first + i * stride}, one plane of height x width a channel
     * @param labels one a image
     */
    ByteImages(DatasetInfo info, ImageShape shape, byte[] bytes, int first, int stride, byte[] labels) {
        this.info = info;
        this.shape = shape;
        this.bytes = bytes;
        this.first = first;
        this.stride = stride;
        this.labels = labels;
        this.tables = info.normalization().tables();
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
        return labels[Objects.checkIndex(index, labels.length)];
    }

    @Override
    public void read(int index, float[] into, int offset) {
        Objects.checkIndex(index, labels.length);
        Objects.checkFromIndexSize(offset, shape.values(), into.length);
        int channels = shape.channels();
        int pixels = shape.pixels();
        for (int c = 0; c < channels; c++) {
            float[] table = tables[c];
            int plane = first + index * stride + c * pixels;
            for (int p = 0; p < pixels; p++) { // (C, H, W) -> (H, W, C)
                into[offset + p * channels + c] = table[bytes[plane + p] & 0xFF];
            }
        }
    }
}
