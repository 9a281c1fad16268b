package replklab.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import replklab.base.FileTree;
import replklab.base.Lease;

/**
 * The attempts at one run, by any number of processes on any number of machines that share the folder. Each works in a folder of
 * its own, {@code RUN.attempts/N/}, for which it holds a {@link Lease}; when it ends, well or not, a rename publishes its folder as
 * {@code RUN/}. Nothing lies at a place that is renamed to, so the first attempt to publish wins.
 *
 * <p>Who wants to begin takes the next number, by an atomic create, once the lease of the last one is gone or old. What a dead
 * attempt left, its log and its checkpoints, is copied, not moved: it may only seem dead, and write on.
 */
final class Attempts {
    private static final String ENDING = ".attempts";

    /** How often others may come first before this one waits like everybody. */
    private static final int TRIES = 5;

    private final Path place;
    private final Path folder;

    /** @param place where the run is published */
    Attempts(Path place) {
        this.place = place;
        this.folder = place.resolveSibling(place.getFileName() + ENDING);
    }

    /** Whether a folder among those of an experiment's runs holds attempts. */
    static boolean areIn(Path folder) {
        return folder.getFileName().toString().endsWith(ENDING);
    }

    /** The live attempt, if there is one. */
    Optional<Lease.Holder> alive() {
        try {
            int newest = newest(numbers());
            return newest == 0 ? Optional.empty() : Lease.holder(number(newest)).filter(Lease.Holder::isAlive);
        } catch (IOException e) {
            return Optional.empty(); // the last one has just been published
        }
    }

    /** What a dead attempt left that is not published; empty while one is alive, and where all is published. */
    Optional<Path> dead() {
        try {
            return alive().isPresent() || Files.exists(place) ? Optional.empty() : left(numbers());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The next attempt, with what the dead ones left published before it begins; empty while a live process has the run. */
    Optional<Attempt> begin() throws IOException {
        int gone = 0;
        while (gone < TRIES) {
            try {
                Files.createDirectories(folder);
                return next();
            } catch (NoSuchFileException e) {
                gone++; // somebody has just published, and removed the folder
            }
        }
        return Optional.empty();
    }

    private Optional<Attempt> next() throws IOException {
        Set<Integer> numbers = numbers();
        int newest = newest(numbers);
        if (newest > 0 && Lease.isTaken(number(newest))) {
            return Optional.empty();
        }
        Optional<Lease> lease = Lease.create(number(newest + 1));
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Path> left = left(numbers);
            if (left.isPresent() && !Files.exists(place)) {
                AttemptCopy.make(left.get(), place);
            }
            for (int number : numbers) { // who still works there finds that it has lost the run
                Files.deleteIfExists(Lease.of(number(number)));
                forget(number(number));
            }
            return Optional.of(new Attempt(number(newest + 1), place, lease.get()));
        } catch (IOException | RuntimeException e) {
            lease.get().close();
            throw e;
        }
    }

    /** Removes an attempt's folder, as far as that goes: NFS keeps files that a process of this machine has open. */
    static void forget(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException | UncheckedIOException e) {
            return; // the next attempt tries again
        }
    }

    private Path number(int number) {
        return folder.resolve(String.valueOf(number));
    }

    private static int newest(Set<Integer> numbers) {
        return numbers.stream().max(Comparator.naturalOrder()).orElse(0);
    }

    /** The newest folder: an attempt that died when it began has none. */
    private Optional<Path> left(Set<Integer> numbers) {
        return numbers.stream()
                .sorted(Comparator.reverseOrder())
                .map(this::number)
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** Of all attempts that have left something, a lease or a folder. */
    private Set<Integer> numbers() throws IOException {
        Set<Integer> numbers = new HashSet<>();
        if (!Files.isDirectory(folder)) {
            return numbers;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            for (String name : names) {
                String number = name.replaceFirst("[.].*", "");
                if (number.matches("\\d{1,9}")) {
                    numbers.add(Integer.valueOf(number));
                }
            }
        }
        return numbers;
    }
}
