package replklab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import replklab.base.LabException;

/**
 * The networks as files for ONNX Runtime and OpenVINO. PyTorch writes them with its own exporter when they are needed, out of
 * the same PyTorch network that is measured: peers are shown at what their own tools make of a network, and a fault of our
 * exporter ({@link replklab.onnx.OnnxModel}) could slow down nobody but us. They go with this object.
 */
public final class OnnxFiles implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path python;
    private final Map<Map<String, Object>, Path> written = new HashMap<>();
    private Path folder;

    /**
     * @param python the interpreter of the peers' environment
     */
    public OnnxFiles(Path python) {
        this.python = python;
    }

    /** What a peer is told of a case: its fields and {@code file}. */
    SequencedMap<String, Object> with(SequencedMap<String, Object> fields) {
        SequencedMap<String, Object> told = new LinkedHashMap<>(Contestants.inferenceOnly(fields));
        told.put("file", written.computeIfAbsent(fields, this::write).toString());
        return told;
    }

    private Path write(Map<String, Object> fields) {
        try {
            if (folder == null) {
                folder = Files.createTempDirectory("replklab-onnx");
            }
        } catch (IOException e) {
            throw new LabException("cannot make a temporary folder: " + e.getMessage(), e);
        }
        Path file = folder.resolve("network" + written.size() + ".onnx");
        Map<String, Object> told = new LinkedHashMap<>(fields);
        told.put("export", file.toString());
        try (PeerProcess torch = PeerProcess.start(Contestants.worker(python, "torch", "NCHW"))) {
            torch.ask(Map.of("do", "prepare", "case", told), PATIENCE);
        } catch (LeftOutException e) {
            throw new LeftOutException("PyTorch, which writes the network for it, failed: " + e.getMessage());
        }
        return file;
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LabException("cannot remove " + folder + ": " + e.getMessage(), e);
        }
    }
}
