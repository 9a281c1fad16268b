package replklab.experiment;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.ClassBytes;
import replklab.base.Digests;
import replklab.base.LabException;
import replklab.base.LabHome;

/**
 * SHA-256 of the compiled classes that compute a run's numbers, without what only a debugger reads, so that a changed comment is
 * no change; of the kernels for devices, as they are written; and of the names, which hold the versions, of the libraries that compute for them. What draws, tracks or reports is
 * left out.
 */
final class LibraryDigest {
    /** A test holds that these are all that a run's work reaches. */
    static final Pattern COMPUTES = Pattern.compile("replklab/(?:"
            + "(?:conv|device|tensor|nn|weights|model|data|train)/.*"
            + "|analysis/(?!Paper|ComparedNetworks).*"
            + "|base/(?:Digests|Parallel|NativeMemory|HotSpot|Stopwatch).*"
            + "|experiment/(?!Attempt|Confirmation|Execution|ExitGuard|Experiments?\\b|ExperimentRunner|ExperimentLock|FieldFigures|FieldStudy|Forecast|KeptFields|KeptOutputs|Leftovers|LatencyFigures|LibraryDigest|MetricCheck|ProvenanceCheck"
            + "|PaperSource|ParentRun|Processors|ReportedRuns|Reports|RunArtifacts|RunConfig|RunFreshness|RunIdentity|RunIds|RunState|RunnerListener|Rerun|ReviewChecklist|ScheduleEstimate|SettingSearch|SingleRun|SourceLines|StoredRun"
            + "|TrackedComparison|KeyCheck|SpecCheck|SpokenNames).*"
            + ")");

    private static final Pattern FILES = Pattern.compile(".*\\.(?:class|cl|h)");

    /** A class of each library. The last two are not on every class path: ND4J's CUDA build leaves them out. */
    private static final List<String> LIBRARIES = List.of(
            "org.nd4j.linalg.api.ndarray.INDArray",
            "org.bytedeco.javacpp.Loader",
            "org.bytedeco.openblas.global.openblas",
            "org.bytedeco.dnnl.global.dnnl",
            "org.bytedeco.leptonica.global.leptonica");

    /** What besides decides what is measured: the benchmark's side of it, and the networks that it writes for peers. */
    private static final Pattern MEASURES = Pattern.compile("replklab/(?:bench|onnx)/.*");

    private static String digest;
    private static String measuring;

    private LibraryDigest() {}

    /** Of the library that runs; computed once. */
    static synchronized String current() {
        if (digest == null) {
            try {
                digest = of(place(LibraryDigest.class));
            } catch (IOException e) {
                throw new LabException("cannot read the library's own classes: " + e.getMessage(), e);
            }
        }
        return digest;
    }

    /** Of the library that runs, with what measures, the peers' side in Python and their versions among it; computed once. */
    static synchronized String measuring() {
        if (measuring == null) {
            try {
                measuring = of(place(LibraryDigest.class), LibraryDigest::measures, peers(LabHome.root()));
            } catch (IOException e) {
                throw new LabException("cannot read what measures: " + e.getMessage(), e);
            }
        }
        return measuring;
    }

    /** The files that decide what peers do; none where they lie beside no sources. */
    private static List<Path> peers(Path checkout) throws IOException {
        Path folder = checkout.resolve(Path.of("src", "main", "python", "peers"));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> scripts = files.filter(file -> file.toString().endsWith(".py"))
                    .sorted()
                    .collect(Collectors.toCollection(ArrayList::new));
            scripts.add(checkout.resolve("requirements-peers.txt"));
            return scripts;
        }
    }

    /** Of the classes in a jar or a folder that compute. */
    static String of(Path library) throws IOException {
        return of(library, LibraryDigest::computes, List.of());
    }

    /**
     * Of some classes in a jar or a folder, and of files besides.
     *
     * @param counts whether a class does, named by its file
     */
    static String of(Path library, Predicate<String> counts, List<Path> files) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        ClassBytes.digest(library, name -> FILES.matcher(name).matches() && counts.test(name), sha256);
        for (Path file : files) {
            sha256.update(Files.readAllBytes(file));
        }
        for (String each : LIBRARIES) {
            sha256.update((fileWith(each) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(sha256);
    }

    /** Whether a class counts, named by its file. */
    static boolean computes(String file) {
        return COMPUTES.matcher(file).matches();
    }

    /** Whether a class counts for what is measured, named by its file. */
    static boolean measures(String file) {
        return computes(file) || MEASURES.matcher(file).matches();
    }

    /** The name of the jar that has a class; "none" if none has. */
    static String fileWith(String className) {
        try {
            return place(Class.forName(className, false, LibraryDigest.class.getClassLoader()))
                    .getFileName()
                    .toString();
        } catch (ClassNotFoundException e) {
            return "none";
        }
    }

    private static Path place(Class<?> of) {
        URI place;
        try {
            place = of.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return Path.of(place);
    }
}
