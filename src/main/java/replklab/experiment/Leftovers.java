package replklab.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import replklab.base.FileTree;
import replklab.base.LabException;
import replklab.base.ProcessLock;
import replklab.base.WholeFile;
import replklab.tracking.RunKeeping;
import replklab.tracking.RunRecord;
import replklab.tracking.Tracker;
import replklab.train.Trainer;

/** What nobody needs any more in a checkout: it can be removed, and nothing that was computed for keeps is lost. */
public final class Leftovers {
    private static final Pattern REPLACED = Pattern.compile(".+" + Pattern.quote(Tracker.REPLACED) + "\\d+");
    private static final String LOCK = "lock";

    private Leftovers() {}

    /** Why something is left over. */
    public enum Kind {
        REPLACED("run that another has taken the place of"),
        RERUN("repetition of a run"),
        SMOKE("smoke results"),
        CHECKPOINT("checkpoint of a finished run"),
        PARTIAL("file whose writer died");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * A file or folder.
     *
     * @param bytes what it takes on the disk, folders with all that is in them
     * @param kept why it must stay nevertheless; empty if it may go
     */
    public record Leftover(Path path, Kind kind, long bytes, Optional<String> kept) {}

    /**
     * Looks for everything that is left over.
     *
     * @param checkout with {@code results/} and {@code .lab/}, which need not exist
     */
    public static List<Leftover> find(Path checkout) {
        Path results = checkout.resolve("results");
        List<Leftover> found = new ArrayList<>();
        try {
            for (Path folder : folders(results.resolve(Experiment.RERUNS))) {
                found.add(folder(folder, Kind.RERUN));
            }
            for (Path folder : folders(results.resolve(Profile.SMOKE.toString()))) {
                found.add(folder(folder, Kind.SMOKE));
            }
            for (Path folder : replaced(results)) {
                if (isOutside(folder, found)) {
                    found.add(folder(folder, Kind.REPLACED));
                }
            }
            for (Path run : RunKeeping.runs(results)) {
                boolean finished =
                        RunRecord.read(run).flatMap(RunRecord::result).isPresent();
                if (finished && isOutside(run, found)) {
                    for (Path checkpoint : checkpoints(run)) {
                        found.add(new Leftover(
                                checkpoint, Kind.CHECKPOINT, FileTree.bytes(checkpoint), Optional.empty()));
                    }
                }
            }
            for (Path place : List.of(results, checkout.resolve(".lab"))) {
                for (Path partial : WholeFile.abandoned(place)) {
                    if (isOutside(partial, found)) {
                        found.add(new Leftover(partial, Kind.PARTIAL, FileTree.bytes(partial), Optional.empty()));
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new LabException("cannot look through " + results + ": " + e.getMessage(), e);
        }
        return found;
    }

    /** Removes what may go, which is looked at once more. */
    public static void remove(List<Leftover> leftovers) {
        for (Leftover each : leftovers) {
            boolean runs = each.kind() == Kind.RERUN || each.kind() == Kind.SMOKE || each.kind() == Kind.REPLACED;
            if (each.kept().isPresent() || (runs && kept(each.path()).isPresent())) {
                continue;
            }
            try {
                FileTree.delete(each.path());
            } catch (IOException | UncheckedIOException e) {
                throw new LabException("cannot remove " + each.path() + ": " + e.getMessage(), e);
            }
        }
    }

    private static Leftover folder(Path folder, Kind kind) throws IOException {
        return new Leftover(folder, kind, FileTree.bytes(folder), kept(folder));
    }

    /** Why a folder of runs must stay. */
    private static Optional<String> kept(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 4)) {
            for (Path lock : files.filter(file -> file.endsWith(LOCK)).toList()) {
                Optional<ProcessLock> free = ProcessLock.tryLock(lock);
                if (free.isEmpty()) {
                    return Optional.of("a live process works there");
                }
                free.get().close();
            }
        } catch (IOException | UncheckedIOException e) {
            return Optional.of("it cannot be looked at: " + e.getMessage());
        }
        return RunKeeping.reason(folder);
    }

    private static boolean isOutside(Path path, List<Leftover> found) {
        return found.stream().noneMatch(each -> path.startsWith(each.path()));
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> replaced(Path results) throws IOException {
        List<Path> folders = new ArrayList<>();
        if (!Files.isDirectory(results)) {
            return folders;
        }
        Files.walkFileTree(results, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (!REPLACED.matcher(folder.getFileName().toString()).matches()) {
                    return FileVisitResult.CONTINUE;
                }
                folders.add(folder);
                return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        folders.sort(Comparator.naturalOrder());
        return folders;
    }

    private static List<Path> checkpoints(Path run) {
        return Stream.of(run, run.resolve(DenseStage.FOLDER))
                .flatMap(folder ->
                        Stream.of(folder.resolve(Trainer.CHECKPOINT), folder.resolve(Trainer.CHECKPOINT_BEFORE)))
                .filter(Files::exists)
                .toList();
    }
}
