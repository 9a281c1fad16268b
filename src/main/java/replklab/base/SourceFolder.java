package replklab.base;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A folder of Java files that nobody has compiled yet, such as the {@code src} beside an experiment's file. */
final class SourceFolder {
    private static final int MOST_ERRORS = 5;

    /** What was compiled, by the files, their sizes and times. */
    private static final Map<String, Path> DONE = new ConcurrentHashMap<>();

    private SourceFolder() {}

    /** The Java files of a folder, hidden folders left out; none where classes lie beside them, which then count. */
    static List<Path> sources(Path folder) {
        List<Path> sources = new ArrayList<>();
        boolean[] compiled = new boolean[1];
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                    boolean hidden = !each.equals(folder)
                            && String.valueOf(each.getFileName()).startsWith(".");
                    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = String.valueOf(file.getFileName());
                    compiled[0] |= name.endsWith(".class");
                    if (name.endsWith(".java")) {
                        sources.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new LabException("cannot read the folder " + folder + ": " + e.getMessage(), e);
        }
        return compiled[0] ? List.of() : sources.stream().sorted().toList();
    }

    /**
     * Compiles Java files against the library and other places.
     *
     * @return a folder with the classes, which goes with this process
     * @throws UsageException with what the compiler says, if it is not content
     */
    static Path compiled(List<Path> sources, List<Path> others) {
        StringBuilder what = new StringBuilder(others.toString());
        for (Path source : sources) {
            try {
                what.append(source).append(Files.size(source)).append(Files.getLastModifiedTime(source));
            } catch (IOException e) {
                throw new LabException("cannot read " + source + ": " + e.getMessage(), e);
            }
        }
        return DONE.computeIfAbsent(what.toString(), _ -> compile(sources, others));
    }

    private static Path compile(List<Path> sources, List<Path> others) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new LabException("this Java has no compiler for " + sources.getFirst() + "; a JDK has one");
        }
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(said, Locale.ROOT, null)) {
            Path classes = Files.createTempDirectory("replklab-classes-");
            String path = others.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))
                    + File.pathSeparator
                    + System.getProperty("java.class.path");
            List<String> options = List.of("-d", classes.toString(), "-cp", path, "-proc:none", "-g", "-nowarn");
            boolean good = compiler.getTask(
                            null, files, said, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            forgetAtExit(classes);
            if (!good) {
                throw new UsageException("the compiler refuses " + words(said));
            }
            return classes;
        } catch (IOException e) {
            throw new LabException("cannot compile " + sources.getFirst() + ": " + e.getMessage(), e);
        }
    }

    private static String words(DiagnosticCollector<JavaFileObject> said) {
        return said.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .limit(MOST_ERRORS)
                .map(each -> (each.getSource() == null
                                ? "the sources"
                                : each.getSource().getName()) + ", line "
                        + each.getLineNumber() + ": "
                        + each.getMessage(Locale.ROOT).replaceAll("\\s+", " "))
                .collect(Collectors.joining("; "));
    }

    /** What is registered last goes first: the files of a folder before the folder. */
    private static void forgetAtExit(Path folder) {
        try (var files = Files.walk(folder)) {
            files.forEach(file -> file.toFile().deleteOnExit());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
