package replklab.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import replklab.base.LabException;

/**
 * The IDX format of MNIST and its kin: two zero bytes, a type (8: unsigned byte), the number of dimensions, each
 * dimension as a big-endian int, then the values.
 *
 * @param bytes the whole unpacked file
 * @param first where the values begin
 * @param dimensions as the header names them
 */
record Idx(byte[] bytes, int first, int[] dimensions) {
    private static final int UNSIGNED_BYTE = 8;

    /**
     * Unpacks and checks a gzipped IDX file.
     *
     * @param file what messages name
     * @param rank the number of dimensions that is expected
     * @throws LabException if the content is anything else
     */
    static Idx parse(Path file, byte[] gzipped, int rank) {
        byte[] bytes;
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            bytes = unpacked.readAllBytes();
        } catch (IOException e) {
            throw new LabException(file + ": not a readable gzip file: " + e.getMessage(), e);
        }
        int first = 4 + 4 * rank;
        if (bytes.length < first || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != UNSIGNED_BYTE || bytes[3] != rank) {
            throw new LabException(file + ": not an IDX file of unsigned bytes with " + rank + " dimensions");
        }
        int[] dimensions = new int[rank];
        ByteBuffer.wrap(bytes, 4, 4 * rank).asIntBuffer().get(dimensions);
        long values = 1;
        for (int dimension : dimensions) {
            values *= dimension;
        }
        if (values != bytes.length - first) {
            throw new LabException(
                    "%s: its header promises %d values, it holds %d".formatted(file, values, bytes.length - first));
        }
        return new Idx(bytes, first, dimensions);
    }
}
