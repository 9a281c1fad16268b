package replklab.weights;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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
     * Which weights were taken of those in a file.
     *
     * @param taken where they are, such as {@code "state_dict"}; empty for a file that holds nothing else
     * @param others what else could be taken, such as {@code "state_dict_ema"}
     */
    record Choice(String taken, List<String> others) {
        public Choice {
            others = List.copyOf(others);
        }
    }

    /** Opens a file, with the weights that are usually meant: see {@link #open(Path, String)}. */
    static WeightsFile open(Path file) {
        return open(file, "");
    }

    /**
     * Opens a file. Names are a network's own: what wrappers put before them is taken off.
     *
     * @param which weights of several, by a name of {@link #choice}; empty for those that the training worked on, not averaged
     * @throws LabException naming the file and what is wrong with it
     */
    static WeightsFile open(Path file, String which) {
        WeightsFile whole =
                WeightsFormat.of(file) == WeightsFormat.PYTORCH ? PthFile.open(file) : SafetensorsFile.open(file);
        boolean good = false;
        try {
            WeightsFile taken = TakenWeights.of(whole, file, which);
            good = true;
            return taken;
        } finally {
            if (!good) {
                whole.close();
            }
        }
    }

    /** The tensors by name, in file order. */
    SequencedMap<String, Info> tensors();

    /** Names of tensors that may be a network's weights, by where they are in the file: what stands before them and a dot, or nothing. */
    default SequencedMap<String, List<String>> dictionaries() {
        SequencedMap<String, List<String>> one = new LinkedHashMap<>();
        one.put("", List.copyOf(tensors().keySet()));
        return one;
    }

    /** All that the file holds, under the file's own names. */
    default WeightsFile whole() {
        return this;
    }

    /** Which weights these are. */
    default Choice choice() {
        return new Choice("", List.of());
    }

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
