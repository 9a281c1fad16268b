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
import replklab.onnx.OnnxModel;
import replklab.tensor.Shape;

/**
 * The networks as files for the peers, written when they are needed; they go with this object. PyTorch gets what we export
 * ({@link OnnxModel}) and makes its own layers of it, so that everybody measures the same network. ONNX Runtime and OpenVINO
 * get what PyTorch's exporter makes of these layers: peers are shown at what their own tools make of a network. A network that the
 * library does not have ({@link PeerNetworks}) comes to all of them from timm.
 */
public final class NetworkFiles implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path python;
    private final Map<ModelCase.Network, Path> ours = new HashMap<>();
    private final Map<Map<String, Object>, Path> exported = new HashMap<>();
    private Path folder;

    /**
     * @param python the interpreter of the peers' environment
     */
    public NetworkFiles(Path python) {
        this.python = python;
    }

    /** What PyTorch is told of a case: its fields, where the network is to be had ({@code network} or {@code timm}), {@code channels}. */
    SequencedMap<String, Object> forPyTorch(SequencedMap<String, Object> fields) {
        if (PeerNetworks.has((String) fields.get("model"))) {
            return PeerNetworks.forPyTorch(fields);
        }
        ModelCase.Network network = ModelCase.Network.of(fields);
        SequencedMap<String, Object> told = new LinkedHashMap<>(fields);
        told.put("network", ours.computeIfAbsent(network, this::write).toString());
        told.put("channels", network.inputChannels());
        return told;
    }

    /** What the others are told: the fields and {@code file}. */
    SequencedMap<String, Object> exported(SequencedMap<String, Object> fields) {
        SequencedMap<String, Object> told = new LinkedHashMap<>(Contestants.inferenceOnly(fields));
        Map<String, Object> network = new LinkedHashMap<>(fields);
        network.remove(ModelCase.PRECISION); // a file of float32, whatever its reader makes of it
        told.put("file", exported.computeIfAbsent(network, this::export).toString());
        return told;
    }

    private Path write(ModelCase.Network network) {
        Path file = file("ours" + ours.size());
        int side = network.resolution();
        OnnxModel.of(network.layer().train(false), Shape.of(1, side, side, network.inputChannels()), "logits")
                .write(file);
        return file;
    }

    private Path export(Map<String, Object> fields) {
        Path file = file("exported" + exported.size());
        Map<String, Object> told = forPyTorch(new LinkedHashMap<>(fields));
        told.put("export", file.toString());
        try (PeerProcess torch = PeerProcess.start(Contestants.worker(python, "torch", "NCHW"))) {
            torch.ask(Map.of("do", "prepare", "case", told), PATIENCE);
        } catch (LeftOutException e) {
            throw new LeftOutException("PyTorch, which writes the network for it, failed: " + e.getMessage());
        }
        return file;
    }

    private Path file(String name) {
        try {
            if (folder == null) {
                folder = Files.createTempDirectory("replklab-networks");
            }
        } catch (IOException e) {
            throw new LabException("cannot make a temporary folder: " + e.getMessage(), e);
        }
        return folder.resolve(name + ".onnx");
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
