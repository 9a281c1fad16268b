package replklab.experiment;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;
import replklab.base.ClassBytes;
import replklab.base.Digests;
import replklab.base.LabException;

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
            + "|experiment/(?!Confirmation|Experiments?\\b|ExperimentRunner|ExperimentLock|FieldFigures|FieldStudy|Forecast|KeptFields|KeptOutputs|Leftovers|LatencyFigures|LibraryDigest|MetricCheck|ProvenanceCheck"
            + "|PaperSource|ReportedRuns|Reports|RunArtifacts|RunConfig|RunFreshness|RunIdentity|RunIds|RunnerListener|Rerun|SingleRun|SourceLines|StoredRun"
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

    private static String digest;

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

    /** Of the classes in a jar or a folder. */
    static String of(Path library) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        ClassBytes.digest(library, name -> FILES.matcher(name).matches() && computes(name), sha256);
        for (String each : LIBRARIES) {
            sha256.update((fileWith(each) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(sha256);
    }

    /** Whether a class counts, named by its file. */
    static boolean computes(String file) {
        return COMPUTES.matcher(file).matches();
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
