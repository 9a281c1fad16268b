package replklab.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import replklab.base.GitState;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Parallel;
import replklab.base.UsageException;
import replklab.bench.PeerProcess;
import replklab.model.Checkpoints;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;
import replklab.tensor.ChannelsFirst;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;
import replklab.weights.Safetensors.Entry;
import replklab.weights.Weights;

/**
 * Sends weights and images through the authors' PyTorch model and through ours. Theirs runs in double precision in a process
 * of its own, out of the user's clone of their repository; nothing of it is part of this library.
 */
public final class Parity implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String MODEL = "replknet.py";

    private final GitState commit;
    private final Path log;
    private final PeerProcess authors;

    private Parity(GitState commit, Path log, PeerProcess authors) {
        this.commit = commit;
        this.log = log;
        this.authors = authors;
    }

    /**
     * Starts the authors' side.
     *
     * @param python an interpreter with PyTorch and NumPy
     * @param clone of the authors' repository
     * @throws LabException if it does not start, with where to read why
     */
    public static Parity start(Path python, Path clone) {
        requireModel(clone);
        Path log = LabHome.resolve(".lab", "parity.log");
        ProcessBuilder builder = new ProcessBuilder(
                        python.toString(),
                        LabHome.resolve("src", "main", "python", "peers", "authors.py")
                                .toString(),
                        clone.toAbsolutePath().toString())
                .redirectError(log.toFile());
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(Parallel.threads()));
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().remove("LARGE_KERNEL_CONV_IMPL"); // their CUDA kernel
        try {
            Files.createDirectories(log.getParent());
            return new Parity(GitState.of(clone), log, PeerProcess.start(builder));
        } catch (IOException e) {
            throw new LabException("cannot make the folder " + log.getParent() + ": " + e.getMessage(), e);
        } catch (LabException e) {
            throw new LabException("the authors' model does not start: " + e.getMessage() + "; see " + log, e);
        }
    }

    /**
     * Whether a folder can be what {@link #start} wants.
     *
     * @throws UsageException if the authors' model is not in it
     */
    public static void requireModel(Path clone) {
        if (!Files.isRegularFile(clone.resolve(MODEL))) {
            throw new UsageException("--authors is " + clone + ", where there is no " + MODEL
                    + "; it must be a clone of github.com/DingXiaoH/RepLKNet-pytorch");
        }
    }

    /** PyTorch's version. */
    public String version() {
        return authors.version();
    }

    /** The commit of the authors' repository. */
    public GitState commit() {
        return commit;
    }

    /** Computes a case on both sides and compares. */
    public List<ParityRow> compare(ParityCase what) {
        Path folder;
        try {
            folder = Files.createTempDirectory("replklab-parity");
        } catch (IOException e) {
            throw new LabException("cannot make a temporary folder: " + e.getMessage(), e);
        }
        try {
            return compare(what, folder);
        } finally {
            Tape.releaseMemory(); // the next case has other shapes
            remove(folder);
        }
    }

    private List<ParityRow> compare(ParityCase what, Path folder) {
        RepLKNetTrunk network = what.network();
        Tensor x = what.input();
        OurSide ours = new OurSide(what, network, x);
        write(folder.resolve("ours.safetensors"), network.layer(), x, ours.lossWeights());
        try {
            authors.ask(Map.of("do", "compute", "folder", folder.toString(), "case", what.fields()), PATIENCE);
        } catch (LabException e) {
            throw new LabException(
                    "the authors' model failed at " + what.name() + ": " + e.getMessage() + "; see " + log, e);
        }
        Map<String, float[]> theirs = new LinkedHashMap<>();
        Safetensors.read(folder.resolve("theirs.safetensors"))
                .tensors()
                .forEach((name, entry) -> theirs.put(name, entry.values()));

        String given = what.stages().isEmpty() ? "logits" : "maps";
        String key = what.stages().isEmpty() ? "logits" : "map.";
        RepLKNetTrunk merged = network.merged();
        List<ParityRow> rows = new ArrayList<>();
        rows.add(what.row("each stage", with(theirs, "stage."), ours.stages()));
        rows.add(what.row(given, with(theirs, key), OurSide.given("", network.layer(), x)));
        rows.add(what.row(given + ", folded", with(theirs, key), OurSide.given("", folded(network), x)));
        rows.add(what.row(given + ", merged", with(theirs, "merged."), OurSide.given("merged.", merged.layer(), x)));
        rows.add(what.row("weights out of their .pth", state(folder.resolve("theirs.pth")), state(network)));
        rows.add(what.row("merged weights out of their .pth", state(folder.resolve("merged.pth")), state(merged)));
        if (what.gradients()) {
            rows.add(what.row("ERF score", with(theirs, "score"), ours.score()));
            Map<String, float[]> step = ours.step();
            rows.add(what.row(given + " in training", with(theirs, "training."), with(step, "training.")));
            rows.add(what.row("loss", with(theirs, "loss"), with(step, "loss")));
            rows.add(what.row("gradients", with(theirs, "gradient."), with(step, "gradient.")));
            Map<String, float[]> single = new LinkedHashMap<>();
            with(theirs, "single.").forEach((name, values) -> single.put(name.substring("single.".length()), values));
            ParityRow row = what.row("gradients of PyTorch in single precision", with(theirs, "gradient."), single);
            rows.add(new ParityRow(row.name(), row.quantity(), row.arrays(), row.error(), row.worst(), false));
            rows.add(what.row("running statistics", with(theirs, "after."), with(step, "after.")));
        }
        return rows;
    }

    private static Layer folded(RepLKNetTrunk network) {
        return switch (network) {
            case RepLKNet classifier -> classifier.folded();
            case RepLKNetBackbone backbone -> backbone.foldedBackbone();
        };
    }

    /** The arrays whose names begin so. */
    private static Map<String, float[]> with(Map<String, float[]> all, String prefix) {
        Map<String, float[]> some = new LinkedHashMap<>();
        all.forEach((name, values) -> {
            if (name.startsWith(prefix)) {
                some.put(name, values);
            }
        });
        return some;
    }

    /** The weights of a file that PyTorch wrote, by way of the architecture that we infer. */
    private static Map<String, float[]> state(Path file) {
        return state(Checkpoints.load(file, Checkpoints.Part.ALL).network());
    }

    private static Map<String, float[]> state(RepLKNetTrunk network) {
        Map<String, float[]> state = new LinkedHashMap<>();
        network.layer()
                .state()
                .forEach((name, variable) -> state.put(name, variable.tensor().toArray()));
        return state;
    }

    private static void write(Path file, Layer network, Tensor x, Map<String, Tensor> lossWeights) {
        Map<String, Entry> tensors = new LinkedHashMap<>();
        network.state().forEach((name, variable) -> tensors.put(name, Weights.entry(variable, variable.tensor())));
        tensors.put("input", channelsFirst(x));
        lossWeights.forEach((name, weights) -> tensors.put(name, channelsFirst(weights)));
        Safetensors.write(file, new Safetensors.Contents(tensors, Map.of()));
    }

    private static Entry channelsFirst(Tensor x) {
        return new Entry(ChannelsFirst.shape(x.shape()).toArray(), ChannelsFirst.values(x));
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LabException("cannot remove " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        authors.close();
    }
}
