package replklab.model;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import replklab.base.LabException;

/**
 * An open file of weights: PyTorch's ({@code .pth}) or safetensors, which its first bytes tell. Opening reads and checks what
 * tensors there are and where they lie; their numbers are read one tensor at a time, so that a file takes no more memory than
 * its largest tensor.
 */
public interface WeightsFile extends Closeable {
    /**
     * What is known of a tensor before its numbers are read.
     *
     * @param type of its numbers
     * @param shape its axes' sizes, as they are in the file: channels first
     */
    record Info(TensorType type, int[] shape) {
        /** Number of elements. */
        public long elements() {
            return Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        }
    }

    /**
     * Opens a file.
     *
     * @throws LabException naming the file and what is wrong with it
     */
    static WeightsFile open(Path file) {
        return switch (WeightsFormat.of(file)) {
            case SAFETENSORS -> SafetensorsFile.open(file);
            case PYTORCH -> PthFile.open(file);
            case OLD_PYTORCH ->
                throw new LabException("weights file " + file + " is in PyTorch's format from before version 1.6;"
                        + " load it there and save it again");
        };
    }

    /** The tensors by name, in file order. */
    SequencedMap<String, Info> tensors();

    /** What the file says of itself in words; nothing in PyTorch's files. */
    Map<String, String> metadata();

    /**
     * A tensor's numbers as float32, row-major.
     *
     * @throws LabException if they cannot be read or are integers
     */
    float[] floats(String name);

    /**
     * A tensor's integers, row-major.
     *
     * @throws LabException if they cannot be read or are no integers
     */
    long[] integers(String name);

    @Override
    void close();
}
