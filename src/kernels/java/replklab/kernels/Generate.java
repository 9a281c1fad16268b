package replklab.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the innermost loops of {@code replklab.conv}, which repeat one pattern for many block sizes, numbers of taps and lengths of
 * transforms. Maven runs this before it compiles the library.
 *
 * <pre>{@code
 * java src/kernels/java/replklab/kernels/Generate.java FOLDER
 * }</pre>
 *
 * <p>It is Java that writes Java, rather than bytecode made at start: what HotSpot is given can be read, searched and stepped through,
 * is documented and checked like every other class, and costs nothing when the program starts. {@code docs/convolution.md} has what was
 * compared.
 */
public final class Generate {
    private static final String PACKAGE = "replklab/conv";

    private Generate() {}

    /**
     * Writes every class that is not there as it should be.
     *
     * @param arguments the folder that is to hold the packages
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]).resolve(PACKAGE));
        Map<String, String> classes = Map.of(
                "CorrelationKernels", CorrelationKernels.source(),
                "Butterflies", Butterflies.source(),
                "WindowKernels", WindowKernels.source());
        for (Map.Entry<String, String> one : classes.entrySet()) {
            Path file = folder.resolve(one.getKey() + ".java");
            // A file that did not change keeps its time, so that nothing is compiled again for it.
            if (!Files.exists(file) || !Files.readString(file).equals(one.getValue())) {
                Files.writeString(file, one.getValue());
            }
        }
    }
}
