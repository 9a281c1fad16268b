package replklab.tracking;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A run whose process has gone while MLflow did not have all of its log.
 *
 * @param elsewhere its log is for another server; it is closed again then
 * @param killed the process had neither ended nor finished the run; it has been ended as killed here
 */
record LeftBehind(Path folder, RunLog log, boolean elsewhere, boolean killed) {

    /** Folders of runs of which something is left to do, those that started first coming first, so that parents precede their children. */
    static List<Path> below(Path root) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (Path folder : all(root)) {
            if (!RunLog.isSettled(folder)) {
                folders.add(folder);
            }
        }
        folders.sort(Comparator.comparingLong((Path folder) ->
                        RunRecord.read(folder).map(RunRecord::start).orElse(Long.MAX_VALUE))
                .thenComparing(Comparator.naturalOrder()));
        return folders;
    }

    /** Every folder below that holds a log. */
    static List<Path> all(Path root) throws IOException {
        List<Path> folders = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return folders;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (RunLog.existsIn(folder)) {
                    folders.add(folder);
                }
                return String.valueOf(folder.getFileName()).equals(RunFolder.ARTIFACTS)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return folders;
    }

    /** Takes over a run's log; empty if its process lives, or if the log holds no run. */
    static Optional<LeftBehind> take(Path folder, String tracker) throws IOException {
        return take(folder, tracker, false);
    }

    /**
     * The same.
     *
     * @param unheard whether a log is this server's, too, that is for another one which has not taken the run
     */
    static Optional<LeftBehind> take(Path folder, String tracker, boolean unheard) throws IOException {
        if (!RunLog.existsIn(folder)) {
            return Optional.empty();
        }
        Optional<RunLog> free = RunLog.open(folder);
        if (free.isEmpty()) {
            return Optional.empty();
        }
        RunLog log = free.get();
        try {
            return taken(folder, tracker, unheard, log);
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private static Optional<LeftBehind> taken(Path folder, String tracker, boolean unheard, RunLog log)
            throws IOException {
        if (!log.record().exists()) {
            log.close();
            return Optional.empty();
        }
        boolean killed = bury(log);
        if (log.record().isGivenUp()) {
            log.settle();
            return Optional.empty();
        }
        boolean elsewhere = !log.record().tracker().equals(tracker);
        if (elsewhere && unheard && log.record().known().isEmpty()) {
            log.append(new Event.Moved(tracker, UUID.randomUUID().toString()));
            log.acknowledge(0);
        } else if (elsewhere) {
            log.close();
            return Optional.of(new LeftBehind(folder, log, true, killed));
        }
        return Optional.of(new LeftBehind(folder, log, false, killed));
    }

    /** Writes down the end of a run whose process died without; true if it had not finished. */
    static boolean bury(RunLog log) throws IOException {
        if (log.record().hasEnded()) {
            return false;
        }
        RunStatus status = log.record().orphaned();
        log.append(new Event.End(status, log.lastWrite()));
        return status == RunStatus.KILLED;
    }

    void release() throws IOException {
        if (!elsewhere) {
            log.close();
        }
    }
}
