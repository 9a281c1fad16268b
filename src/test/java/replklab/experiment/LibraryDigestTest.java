package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ConstantDescs;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The digest changes with what decides a run's numbers, and with nothing else. */
class LibraryDigestTest {
    private static final Path CLASSES = Path.of("target", "classes");

    /** What draws, tracks, tells or measures; a run's numbers do not come from there. */
    private static final Set<String> APART = Set.of(
            "stats", "table", "plot", "chart", "report", "tracking", "cli", "notebook", "onnx", "bench", "parity");

    /** Classes that runs reach and that decide no number, with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry("replklab.base.LabException", "words of errors"),
            Map.entry("replklab.base.UsageException", "words of errors"),
            Map.entry("replklab.base.NearNames", "words of errors"),
            Map.entry("replklab.base.Shown", "words of errors"),
            Map.entry("replklab.base.LabHome", "where files lie"),
            Map.entry("replklab.base.WholeFile", "how files are written"),
            Map.entry("replklab.base.CheckoutNote", "where files lie"),
            Map.entry("replklab.base.Options", "reads settings, which are in the identity"),
            Map.entry("replklab.base.Factory", "finds code, which is in the identity"),
            Map.entry("replklab.base.Registry", "finds code, which is in the identity"),
            Map.entry("replklab.base.Registry$Found", "finds code, which is in the identity"),
            Map.entry("replklab.base.UserClasses", "finds code, which is in the identity"),
            Map.entry("replklab.base.LibC", "where values lie in memory"),
            Map.entry("replklab.base.NativeCache", "where values lie in memory"),
            Map.entry("replklab.base.NativeCaches", "where values lie in memory"),
            Map.entry("replklab.base.NativePiece", "where values lie in memory"),
            Map.entry("replklab.base.Reusable", "where values lie in memory"),
            Map.entry("replklab.base.Reusables", "where values lie in memory"),
            Map.entry("replklab.base.ScratchMemory", "where values lie in memory"),
            Map.entry("replklab.base.Interrupts", "whether an operation begins"),
            Map.entry("replklab.base.Quietly", "how things are closed"),
            Map.entry("replklab.base.Remembered", "keeps what others compute"),
            Map.entry("replklab.base.Machine", "what is told of the computer"),
            Map.entry("replklab.base.Provenance", "what is told of the run"),
            Map.entry("replklab.experiment.Experiment", "holds settings, which are in the identity"),
            Map.entry("replklab.experiment.Experiments", "reads settings, which are in the identity"),
            Map.entry("replklab.experiment.LatencyFigures", "draws"),
            Map.entry("replklab.experiment.PaperSource", "what the paper says"),
            Map.entry("replklab.experiment.Reports", "reports"),
            Map.entry("replklab.experiment.RunArtifacts", "files of what is computed"),
            Map.entry("replklab.experiment.RunnerListener", "progress"));

    @TempDir
    Path folder;

    /** A library that computes counts with its version; that of a build without it is another digest. */
    @Test
    void librariesThatComputeCountByTheirFile() {
        assertThat(LibraryDigest.fileWith("org.bytedeco.leptonica.global.leptonica"))
                .matches("leptonica-[0-9.-]+\\.jar");
        assertThat(LibraryDigest.fileWith("org.bytedeco.dnnl.global.noSuchClass"))
                .isEqualTo("none");
    }

    private Path copied(List<String> classes) throws IOException {
        Path copy = folder.resolve("classes");
        for (String name : classes) {
            Path to = copy.resolve(name + ".class");
            Files.createDirectories(to.getParent());
            Files.copy(CLASSES.resolve(name + ".class"), to);
        }
        return copy;
    }

    private static final List<String> SOME = List.of(
            "replklab/conv/DirectDepthwise",
            "replklab/tensor/Tape",
            "replklab/train/Trainer",
            "replklab/experiment/TrainingRun",
            "replklab/chart/Charts",
            "replklab/cli/Main",
            "replklab/notebook/Lab",
            "replklab/tracking/Tracker",
            "replklab/experiment/Rerun");

    private static void change(Path file) throws IOException {
        ClassFile classFile = ClassFile.of();
        ClassTransform field = ClassTransform.endHandler(
                builder -> builder.withField("added", ConstantDescs.CD_int, ClassFile.ACC_STATIC));
        Files.write(file, classFile.transformClass(classFile.parse(Files.readAllBytes(file)), field));
    }

    @Test
    void lineNumbersAndNamesOfVariablesDoNotCount() throws IOException {
        Path classes = copied(SOME);
        String before = LibraryDigest.of(classes);
        ClassFile bare = ClassFile.of(
                ClassFile.DebugElementsOption.DROP_DEBUG,
                ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
                ClassFile.ConstantPoolSharingOption.NEW_POOL);
        boolean smaller = false;
        for (String name : SOME) {
            Path file = classes.resolve(name + ".class");
            byte[] bytes = Files.readAllBytes(file);
            byte[] stripped = bare.transformClass(bare.parse(bytes), ClassTransform.ACCEPT_ALL);
            smaller |= stripped.length < bytes.length;
            Files.write(file, stripped);
        }
        assertThat(smaller).as("there was something to strip").isTrue();
        assertThat(LibraryDigest.of(classes)).isEqualTo(before);
    }

    @Test
    void aJarIsTheSameAsItsFolder() throws IOException {
        Path classes = copied(SOME);
        Path file = folder.resolve("library.jar");
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of("create", "true"))) {
            for (String name : SOME.reversed()) {
                Path to = jar.getPath("/", name + ".class");
                Files.createDirectories(to.getParent());
                Files.copy(classes.resolve(name + ".class"), to);
            }
        }
        assertThat(LibraryDigest.of(file)).isEqualTo(LibraryDigest.of(classes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replklab/conv/DirectDepthwise",
                "replklab/tensor/Tape",
                "replklab/train/Trainer",
                "replklab/experiment/TrainingRun"
            })
    void whatComputesCounts(String name) throws IOException {
        Path classes = copied(SOME);
        String before = LibraryDigest.of(classes);
        change(classes.resolve(name + ".class"));
        assertThat(LibraryDigest.of(classes)).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replklab/chart/Charts",
                "replklab/cli/Main",
                "replklab/notebook/Lab",
                "replklab/tracking/Tracker",
                "replklab/experiment/Rerun"
            })
    void whatDrawsTracksOrReportsDoesNot(String name) throws IOException {
        Path classes = copied(SOME);
        String before = LibraryDigest.of(classes);
        change(classes.resolve(name + ".class"));
        assertThat(LibraryDigest.of(classes)).isEqualTo(before);
    }

    /** Measured numbers change with the benchmark's code and with what the peers are told in Python; trained ones do not. */
    @Test
    void whatMeasuresCountsForWhatIsMeasured() throws IOException {
        Path classes = copied(List.of("replklab/conv/DirectDepthwise", "replklab/bench/PeerServer"));
        Path script = Files.writeString(folder.resolve("engine.py"), "a");
        String before = LibraryDigest.of(classes, LibraryDigest::measures, List.of(script));
        String computed = LibraryDigest.of(classes);
        Files.writeString(script, "b");
        String told = LibraryDigest.of(classes, LibraryDigest::measures, List.of(script));
        assertThat(told).isNotEqualTo(before);
        change(classes.resolve("replklab/bench/PeerServer.class"));
        assertThat(LibraryDigest.of(classes, LibraryDigest::measures, List.of(script)))
                .isNotEqualTo(told);
        assertThat(LibraryDigest.of(classes)).isEqualTo(computed);
        assertThat(LibraryDigest.measuring()).isNotEqualTo(LibraryDigest.current());
    }

    @Test
    void everythingThatRunsReachCounts() {
        JavaClasses imported = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("replklab");
        Set<String> forgotten = new TreeSet<>();
        Set<JavaClass> seen = new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));
        Deque<JavaClass> next =
                new ArrayDeque<>(List.of(imported.get(TrainingRun.class), imported.get(MeasuringRun.class)));
        while (!next.isEmpty()) {
            JavaClass each = next.pop();
            if (!seen.add(each)) {
                continue;
            }
            if (LibraryDigest.computes(each.getName().replace('.', '/') + ".class")) {
                each.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(LibraryDigestTest::isOfRuns)
                        .forEach(next::push);
            } else if (!EXCEPTIONS.containsKey(each.getName())) {
                forgotten.add(each.getName());
            }
        }
        assertThat(forgotten)
                .as(
                        "classes that a run reaches and LibraryDigest.COMPUTES leaves out: add them there, or here with a reason")
                .isEmpty();
    }

    private static boolean isOfRuns(JavaClass type) {
        String[] parts = type.getName().split("[.]");
        return parts.length > 2 && parts[0].equals("replklab") && !APART.contains(parts[1]);
    }
}
