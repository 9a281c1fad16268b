package replklab.experiment;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.ndarray.INDArray;
import replklab.base.ClassBytes;
import replklab.base.Digests;
import replklab.base.LabException;

/**
 * SHA-256 of the compiled classes that compute a run's numbers, without what only a debugger reads, so that a changed comment is
 * no change; and of the names, which hold the versions, of the libraries that compute for them. What draws, tracks or reports is
 * left out.
 */
final class LibraryDigest {
    /** A test holds that these are all that a run's work reaches. */
    static final Pattern COMPUTES = Pattern.compile("replklab/(?:"
            + "(?:conv|tensor|nn|weights|model|data|train)/.*"
            + "|analysis/(?!Paper|ComparedNetworks).*"
            + "|base/(?:Digests|Parallel|NativeMemory|HotSpot|Stopwatch).*"
            + "|experiment/(?!Experiments?\\b|ExperimentRunner|ExperimentLock|FieldFigures|FieldStudy|Leftovers|LatencyFigures|LibraryDigest|MetricCheck|ProvenanceCheck"
            + "|PaperSource|Reports|RunArtifacts|RunConfig|RunFreshness|RunIdentity|RunIds|RunnerListener|Rerun|SingleRun|SourceLines|StoredRun"
            + "|TrackedComparison|KeyCheck|SpecCheck).*"
            + ")");

    private static final List<Class<?>> LIBRARIES = List.of(INDArray.class, Loader.class, openblas.class, dnnl.class);

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
        ClassBytes.digest(library, name -> name.endsWith(".class") && computes(name), sha256);
        for (Class<?> each : LIBRARIES) {
            sha256.update((place(each).getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(sha256);
    }

    /** Whether a class counts, named by its file. */
    static boolean computes(String file) {
        return COMPUTES.matcher(file).matches();
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
