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

/**
 * A run whose process has gone while MLflow did not have all of its log.
 *
 * @param elsewhere its log is for another server; the outbox is closed again then
 * @param killed the process had not ended the run; it has been ended as killed here
 */
record LeftBehind(Path folder, Outbox outbox, Event.Origin origin, boolean elsewhere, boolean killed) {

    /** Folders of runs with an outbox, those that started first coming first, so that parents precede their children. */
    static List<Path> below(Path root) throws IOException {
        List<Path> folders = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return folders;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (Outbox.existsIn(folder)) {
                    folders.add(folder);
                }
                String name = String.valueOf(folder.getFileName());
                return name.equals("artifacts") || name.equals(Outbox.FOLDER)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        folders.sort(Comparator.comparingLong((Path folder) ->
                        RunRecord.load(folder).map(RunRecord::start).orElse(Long.MAX_VALUE))
                .thenComparing(Comparator.naturalOrder()));
        return folders;
    }

    /** Takes over a run's outbox; empty if its process lives, or if the outbox does not say whose it is. */
    static Optional<LeftBehind> take(Path folder, String tracker) throws IOException {
        if (!Outbox.existsIn(folder)) {
            return Optional.empty();
        }
        Optional<Outbox> free = Outbox.open(folder, false);
        if (free.isEmpty()) {
            return Optional.empty();
        }
        Outbox outbox = free.get();
        long died = outbox.lastWrite();
        if (!(outbox.first().orElse(null) instanceof Event.Origin origin)) {
            outbox.close();
            return Optional.empty();
        }
        if (!origin.tracker().equals(tracker)) {
            outbox.close();
            return Optional.of(new LeftBehind(folder, outbox, origin, true, false));
        }
        boolean killed = !(outbox.last().orElse(null) instanceof Event.End);
        if (killed) {
            outbox.append(new Event.End(RunStatus.KILLED, died));
            Optional<RunRecord> known = RunRecord.load(folder);
            if (known.isPresent()) {
                known.get().withStatus(RunStatus.KILLED, died).save(folder);
            }
        }
        return Optional.of(new LeftBehind(folder, outbox, origin, false, killed));
    }

    void release() throws IOException {
        if (!elsewhere) {
            outbox.close();
        }
    }
}
