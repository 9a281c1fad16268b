package replklab.tracking;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.WholeFile;

/**
 * A run's own folder: {@code params.json}, {@code tags.json}, {@code datasets.json}, {@code metrics.csv} (name, step,
 * value, milliseconds since 1970) and {@code artifacts/}. All of it is written as it comes, so a killed process leaves
 * what it had computed.
 */
public final class RunFolder implements RunLogger, AutoCloseable {
    private static final String METRICS = "metrics.csv";

    private final Path folder;
    private final Map<String, String> params = new TreeMap<>();
    private final Map<String, String> tags = new TreeMap<>();
    private final List<DatasetInput> datasets = new ArrayList<>();
    private final OutputStream metrics;
    private boolean ended;

    /** What a run left in its {@code params.json} or {@code tags.json}. */
    private static final class Texts extends TreeMap<String, String> {
        private static final long serialVersionUID = 1L;
    }

    private RunFolder(Path folder) throws IOException {
        this.folder = folder;
        Path file = folder.resolve(METRICS);
        boolean fresh = !Files.exists(file);
        this.metrics = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (fresh) {
            metrics.write("name,step,value,time\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Starts a run in a folder; of an earlier run there, what this class had written goes. */
    public static RunFolder start(Path folder) {
        try {
            Files.createDirectories(folder);
            for (String name : List.of("params.json", "tags.json", "datasets.json", METRICS)) {
                Files.deleteIfExists(folder.resolve(name));
            }
            deleteAll(folder.resolve("artifacts"));
            return new RunFolder(folder);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /** Goes on with the run that a folder holds. */
    public static RunFolder resume(Path folder) {
        try {
            RunFolder run = new RunFolder(folder);
            Json.load(folder.resolve("params.json"), Texts.class).ifPresent(run.params::putAll);
            Json.load(folder.resolve("tags.json"), Texts.class).ifPresent(run.tags::putAll);
            Json.load(folder.resolve("datasets.json"), DatasetInput[].class)
                    .ifPresent(inputs -> run.datasets.addAll(List.of(inputs)));
            return run;
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    public Path path() {
        return folder;
    }

    @Override
    public synchronized void params(Map<String, ?> added) {
        checkOpen();
        added.forEach((key, value) -> {
            Names.check(key);
            String before = params.get(key);
            if (before != null && !before.equals(String.valueOf(value))) {
                throw new LabException("parameter " + key + " of the run in " + folder + " is " + before
                        + " and cannot become " + value + ": a parameter holds for the whole run");
            }
        });
        added.forEach((key, value) -> params.put(key, String.valueOf(value)));
        save("params.json", params);
    }

    @Override
    public synchronized void tags(Map<String, String> added) {
        checkOpen();
        added.keySet().forEach(Names::check);
        tags.putAll(added);
        save("tags.json", tags);
    }

    @Override
    public void metrics(Map<String, Double> values, long step) {
        metrics(values, step, System.currentTimeMillis());
    }

    synchronized void metrics(Map<String, Double> values, long step, long time) {
        checkOpen();
        StringBuilder lines = new StringBuilder();
        values.forEach((name, value) -> {
            Names.check(name);
            lines.append(name).append(',').append(step).append(',').append(value);
            lines.append(',').append(time).append('\n');
        });
        try {
            metrics.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unwritable(folder.resolve(METRICS), e);
        }
    }

    @Override
    public synchronized void dataset(DatasetInput input) {
        checkOpen();
        datasets.add(input);
        save("datasets.json", datasets);
    }

    @Override
    public void artifact(Path file, String to) {
        keep(file, to);
    }

    @Override
    public void artifactText(String path, String text) {
        keepText(path, text);
    }

    /** Copies a file to the run's artifacts and gives the copy; a reader of an earlier copy keeps what it reads. */
    synchronized Path keep(Path file, String to) {
        checkOpen();
        if (!Files.isRegularFile(file)) {
            throw new LabException("artifact " + file + " is not a file");
        }
        Path target = target(Names.artifactPath(to, String.valueOf(file.getFileName())));
        try {
            Files.createDirectories(target.getParent());
            WholeFile.replace(target, out -> Files.copy(file, out));
            return target;
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    synchronized Path keepText(String path, String text) {
        checkOpen();
        Path target = target(Names.artifactPath("", path));
        try {
            Files.createDirectories(target.getParent());
            WholeFile.replace(target, text.getBytes(StandardCharsets.UTF_8));
            return target;
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** A folder among the run's artifacts, made anew. */
    synchronized Path emptied(String name) {
        checkOpen();
        Path target = target(Names.artifactPath("", name));
        try {
            deleteAll(target);
            return Files.createDirectories(target);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** The files of a folder among the run's artifacts, in alphabetical order. */
    List<Path> kept(String name) {
        Path target = target(Names.artifactPath("", name));
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new LabException("cannot list " + target + ": " + e.getMessage(), e);
        }
    }

    /** Closes the files; nothing can be logged any more. How the run ended is for its {@link ActiveRun} to note. */
    @Override
    public synchronized void end(RunStatus status) {
        close();
    }

    @Override
    public synchronized void close() {
        ended = true;
        try {
            metrics.close();
        } catch (IOException e) {
            throw unwritable(folder.resolve(METRICS), e);
        }
    }

    static LabException unwritable(Path file, IOException cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new LabException("cannot write " + file + ": " + reason.replace(file + ": ", ""), cause);
    }

    private Path target(String path) {
        return folder.resolve("artifacts").resolve(path);
    }

    private void checkOpen() {
        if (ended) {
            throw new LabException("the run in " + folder + " has ended; nothing can be logged to it any more");
        }
    }

    private void save(String name, Object value) {
        Path file = folder.resolve(name);
        try {
            Json.save(file, value);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static void deleteAll(Path tree) throws IOException {
        if (!Files.isDirectory(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
