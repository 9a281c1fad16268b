package replklab.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import replklab.base.LabException;

/**
 * The IDX format of MNIST and its kin: two zero bytes, a type (8: unsigned byte), the number of dimensions, each
 * dimension as a big-endian int, then the values.
 *
 * @param bytes the values
 * @param dimensions as the header names them
 */
record Idx(byte[] bytes, int[] dimensions) {
    private static final int UNSIGNED_BYTE = 8;

    /** Far more than any data set of the kind has, and what an array takes. */
    private static final int MOST_VALUES = 1 << 30;

    /**
     * Unpacks and checks a gzipped IDX file. No more is unpacked than its header promises, however much a small file would become.
     *
     * @param file what messages name
     * @param rank the number of dimensions that is expected
     * @throws LabException if the content is anything else
     */
    static Idx parse(Path file, byte[] gzipped, int rank) {
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            byte[] head = unpacked.readNBytes(4 + 4 * rank);
            if (head.length < 4 + 4 * rank
                    || head[0] != 0
                    || head[1] != 0
                    || head[2] != UNSIGNED_BYTE
                    || head[3] != rank) {
                throw new LabException(file + ": not an IDX file of unsigned bytes with " + rank + " dimensions");
            }
            int[] dimensions = new int[rank];
            ByteBuffer.wrap(head, 4, 4 * rank).asIntBuffer().get(dimensions);
            double values = 1; // which may be more than any integer
            for (int dimension : dimensions) {
                values *= dimension;
            }
            if (Arrays.stream(dimensions).anyMatch(dimension -> dimension < 0) || values > MOST_VALUES) {
                throw new LabException("%s: its header promises dimensions %s; at most %d values are read"
                        .formatted(file, Arrays.toString(dimensions), MOST_VALUES));
            }
            byte[] bytes = unpacked.readNBytes((int) values);
            if (bytes.length < values || unpacked.read() >= 0) {
                throw new LabException("%s: its header promises %.0f values, it holds %s"
                        .formatted(file, values, bytes.length < values ? String.valueOf(bytes.length) : "more"));
            }
            return new Idx(bytes, dimensions);
        } catch (IOException e) {
            throw new LabException(file + ": not a readable gzip file: " + e.getMessage(), e);
        }
    }
}
