package replklab.bench;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Parallel;
import replklab.base.UsageException;
import replklab.bench.ProcessContestant.Lifetime;

/** Who takes part. Everybody gets as many threads as our library uses. */
public final class Contestants {
    /** PyTorch in the layout that tensors have by default, and no other. */
    static final String TORCH_NCHW = "torch-nchw";

    /** Ours as on a machine without AVX-512: vectors of 256 bits, 16 registers. */
    static final String AVX2 = "avx2";

    /** Flags by the name of an implementation whose JVM has others than this one. */
    private static final Map<String, List<String>> FLAGS = Map.of(AVX2, List.of("-XX:UseAVX=2"));

    private static final String NCHW = "NCHW";
    private static final String CHANNELS_LAST = "channels_last";
    private static final List<String> LAYOUTS = List.of(CHANNELS_LAST, NCHW);

    private Contestants() {}

    /** Names of our own implementations of the convolution; {@value #AVX2} where the machine has wider vectors on x86. */
    public static List<String> ownConvolutions() {
        List<String> all = new ArrayList<>(Workloads.CONVOLUTIONS.keySet());
        if (System.getProperty("os.arch").equals("amd64") && FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512) {
            all.add(AVX2);
        }
        return List.copyOf(all);
    }

    /** Names of the peers that can do a convolution; {@code torch-fft} is PyTorch's Fourier transforms in place of its convolution. */
    public static List<String> convolutionPeers() {
        return List.of("nd4j", "torch", "torch-fft", "onnxruntime", "openvino");
    }

    /** Names of the peers that can do a whole network. */
    public static List<String> modelPeers() {
        return List.of("torch", "onnxruntime", "openvino");
    }

    /** Names of the peers that can read images. */
    public static List<String> dataPeers() {
        return List.of("pillow", "torchvision");
    }

    /** Whether an implementation is somebody else's. */
    static boolean isPeer(String implementation) {
        return implementation.equals(TORCH_NCHW)
                || convolutionPeers().contains(implementation)
                || modelPeers().contains(implementation)
                || dataPeers().contains(implementation);
    }

    /** Whether an implementation comes from the peers' Python environment. */
    public static boolean isPython(String implementation) {
        return isPeer(implementation) && !implementation.equals("nd4j");
    }

    /** The contestants of {@code bench conv}, each in a process that lives for all cases. */
    public static List<Contestant> convolutions(List<String> implementations, Path python, Effort effort) {
        List<Contestant> all = new ArrayList<>();
        for (String name : implementations) {
            switch (name) {
                case AVX2 -> all.addAll(ours(AVX2, "conv-ours", Lifetime.ALL_CASES, effort));
                case "nd4j" -> all.add(nd4j(effort));
                case "torch" -> all.addAll(torch(Lifetime.ALL_CASES, python, UnaryOperator.identity()));
                case "torch-fft" ->
                    all.add(python(name, name, "", "NCHW", Lifetime.ALL_CASES, python, UnaryOperator.identity()));
                case "onnxruntime", "openvino" ->
                    all.add(python(name, name, "", "native", Lifetime.ALL_CASES, python, Contestants::inferenceOnly));
                default -> {
                    if (!Workloads.CONVOLUTIONS.containsKey(name)) {
                        List<String> known = new ArrayList<>(ownConvolutions());
                        known.addAll(convolutionPeers());
                        throw UsageException.unknown("implementation", name, known);
                    }
                    all.addAll(ours(name, "conv-" + name, Lifetime.ALL_CASES, effort));
                }
            }
        }
        return all;
    }

    /**
     * The contestants of {@code bench model}, each in a new process for every case.
     *
     * @param files where the networks are written for the peers that read them
     */
    public static List<Contestant> models(
            List<String> implementations, Path python, NetworkFiles files, Effort effort) {
        List<Contestant> all = new ArrayList<>();
        for (String name : implementations) {
            switch (name) {
                case "ours" -> all.addAll(ours(name, "model", Lifetime.ONE_CASE, effort));
                case "torch" -> all.addAll(torch(Lifetime.ONE_CASE, python, files::forPyTorch));
                case "onnxruntime", "openvino" ->
                    all.add(python(name, name, "", "native", Lifetime.ONE_CASE, python, files::exported));
                default ->
                    throw UsageException.unknown(
                            "implementation", name, List.of("ours", "torch", "onnxruntime", "openvino"));
            }
        }
        return all;
    }

    /** The contestants of {@code bench data}, each in a process that lives for all cases. */
    public static List<Contestant> data(List<String> implementations, Path python) {
        List<Contestant> all = new ArrayList<>();
        for (String name : implementations) {
            switch (name) {
                case "ours" -> all.add(java(name, "", "data", Lifetime.ALL_CASES, SampleImages::with));
                case "pillow" ->
                    all.add(python(name, name, "", "native", Lifetime.ALL_CASES, python, SampleImages::with));
                case "torchvision" ->
                    List.of("PIL", "tensor")
                            .forEach(images -> all.add(python(
                                    name, name, images, images, Lifetime.ALL_CASES, python, SampleImages::with)));
                default ->
                    throw UsageException.unknown("implementation", name, List.of("ours", "pillow", "torchvision"));
            }
        }
        return all;
    }

    /**
     * The ways of using an implementation in what {@link FreshProcesses} measure. PyTorch runs eagerly: layers in a row in the
     * faster layout of the two, a network in {@value #CHANNELS_LAST}, which on RepLKNet is the faster one by far.
     */
    static List<Contestant> measured(String name, BenchCase what, Path python, NetworkFiles files) {
        boolean network = what instanceof ModelCase;
        UnaryOperator<SequencedMap<String, Object>> same = UnaryOperator.identity();
        Lifetime lifetime = Lifetime.UNWATCHED;
        return switch (name) {
            case "torch" ->
                (network ? List.of(CHANNELS_LAST) : LAYOUTS)
                        .stream()
                                .map(layout -> python(
                                        name,
                                        name,
                                        "eager " + layout,
                                        layout,
                                        lifetime,
                                        python,
                                        network ? files::forPyTorch : same))
                                .toList();
            case TORCH_NCHW ->
                List.of(python(name, "torch", "eager " + NCHW, NCHW, lifetime, python, files::forPyTorch));
            case "onnxruntime", "openvino" ->
                List.of(python(name, name, "", "native", lifetime, python, files::exported));
            case "nd4j" -> List.of(java(name, "", name, lifetime, same));
            default -> List.of(java(name, "", network ? "model" : Workloads.LAYERS + name, lifetime, same));
        };
    }

    /** The Python modules that an implementation needs for a case. */
    static Set<String> modules(String name, BenchCase what) {
        Set<String> modules = new TreeSet<>();
        if (!isPython(name)) {
            return modules;
        }
        modules.add(name.equals(TORCH_NCHW) ? "torch" : name);
        if (what instanceof ModelCase network) {
            modules.addAll(List.of("torch", "onnx")); // which write and read the network
            if (!modules.equals(Set.of("torch", "onnx"))) {
                modules.add("onnxscript");
            }
            if (PeerNetworks.has(network.model())) {
                modules.add("timm");
            }
        }
        return modules;
    }

    /** What a peer without gradients is told of a case. */
    static SequencedMap<String, Object> inferenceOnly(SequencedMap<String, Object> fields) {
        if (fields.get("pass").equals(Pass.TRAINING.key())) {
            throw new LeftOutException("it does not train");
        }
        return fields;
    }

    /** PyTorch in each layout, eager and compiled. */
    private static List<Contestant> torch(
            Lifetime lifetime, Path python, UnaryOperator<SequencedMap<String, Object>> told) {
        List<Contestant> all = new ArrayList<>();
        for (String layout : LAYOUTS) {
            all.add(python("torch", "torch", "eager " + layout, layout, lifetime, python, told));
            all.add(python("torch", "torch-compiled", "compiled " + layout, layout, lifetime, python, told));
        }
        return all;
    }

    private static Contestant nd4j(Effort effort) {
        return java("nd4j", "", "nd4j", Lifetime.ALL_CASES, fields -> {
            fields.put("largest_columns", effort.nd4jColumns());
            return fields;
        });
    }

    /** One of ours, in as many processes as the effort allows. */
    private static List<Contestant> ours(String name, String workload, Lifetime lifetime, Effort effort) {
        return IntStream.rangeClosed(1, effort.processes())
                .mapToObj(number -> java(
                        name,
                        effort.processes() == 1 ? "" : "process " + number,
                        workload,
                        lifetime,
                        UnaryOperator.identity()))
                .toList();
    }

    private static Contestant java(
            String name,
            String variant,
            String workload,
            Lifetime lifetime,
            UnaryOperator<SequencedMap<String, Object>> told) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(FLAGS.getOrDefault(name, List.of()));
        command.addAll(List.of(
                "-D" + LabHome.PROPERTY + "=" + LabHome.root(),
                "-cp",
                System.getProperty("java.class.path"),
                PeerServer.class.getName(),
                workload));
        ProcessBuilder builder = new ProcessBuilder(command);
        String log = String.join(" ", name, workload, variant).strip().replace(' ', '-');
        return new ProcessContestant(name, variant, lifetime, () -> PeerProcess.start(logged(builder, log)), told);
    }

    private static Contestant python(
            String name,
            String engine,
            String variant,
            String layout,
            Lifetime lifetime,
            Path python,
            UnaryOperator<SequencedMap<String, Object>> told) {
        return new ProcessContestant(
                name, variant, lifetime, () -> PeerProcess.start(worker(python, engine, layout)), told);
    }

    /**
     * A Python peer, not yet started.
     *
     * @param engine as {@code worker.py} knows it
     */
    static ProcessBuilder worker(Path python, String engine, String layout) {
        ProcessBuilder builder = new ProcessBuilder(
                python.toString(),
                LabHome.resolve("src", "main", "python", "peers", "worker.py").toString(),
                engine,
                layout);
        String threads = Integer.toString(Parallel.threads());
        builder.environment().put("OMP_NUM_THREADS", threads);
        builder.environment().put("MKL_NUM_THREADS", threads);
        // Ours shares the cores between two pools of threads and makes OpenMP's sleep; peers wait as they think best.
        builder.environment().remove("OMP_WAIT_POLICY");
        builder.environment()
                .put("TORCHINDUCTOR_CACHE_DIR", folder().resolve("inductor").toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        // Peers keep the memory they gave back, as we do: glibc may return it to the system after each call, by where
        // arrays happen
        // to lie, and PyTorch's 3x3 training took 0.6 ms in one process and 3 in the next.
        builder.environment().put("MALLOC_TRIM_THRESHOLD_", Long.toString(4L << 30));
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", Integer.toString(32 << 20));
        return logged(builder, engine + "-" + layout);
    }

    /** What a peer writes to standard error is kept for whom it fails. */
    private static ProcessBuilder logged(ProcessBuilder builder, String name) {
        File log = folder().resolve(name + ".log").toFile();
        return builder.redirectError(log);
    }

    /** Where logs and unfinished results lie. */
    static Path folder() {
        Path folder = LabHome.resolve(".lab", "bench");
        if (!folder.toFile().isDirectory() && !folder.toFile().mkdirs()) {
            throw new LabException("cannot make the folder " + folder);
        }
        return folder;
    }
}
