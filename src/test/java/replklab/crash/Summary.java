package replklab.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often what was done to the program, and what came of it: {@code target/crash/summary.md} ({@code -Dcrash.summary} names
 * another), written anew with each case, from which {@code docs/reliability.md} has its figures.
 */
final class Summary {
    private static final Map<String, Map<String, Integer>> COUNTS = new TreeMap<>();
    private static final Map<String, String> CASES = new TreeMap<>();
    private static final long BEGIN = System.nanoTime();

    private Summary() {}

    /** One kill of something that lived. */
    static void kill(String kind) {
        count("killed", kind, 1);
    }

    /**
     * Something that was done.
     *
     * @param section the table it goes to
     * @param kind its row
     */
    static synchronized void count(String section, String kind, int times) {
        COUNTS.computeIfAbsent(section, any -> new TreeMap<>()).merge(kind, times, Integer::sum);
        write();
    }

    /** A case and what came of it. */
    static synchronized void outcome(String name, boolean passed) {
        CASES.put(name, passed ? "passed" : "FAILED");
        write();
    }

    private static void write() {
        long passed = CASES.values().stream().filter("passed"::equals).count();
        StringBuilder text = new StringBuilder("# The crash suite\n\nSeed %d, %d cases in %d s: %d passed, %d failed.\n"
                .formatted(
                        Story.SEED,
                        CASES.size(),
                        Duration.ofNanos(System.nanoTime() - BEGIN).toSeconds(),
                        passed,
                        CASES.size() - passed));
        COUNTS.forEach((section, kinds) -> {
            text.append("\n| %s | times |\n|---|---|\n".formatted(section));
            kinds.forEach((kind, times) -> text.append("| %s | %d |\n".formatted(kind, times)));
            text.append("| all | %d |\n"
                    .formatted(
                            kinds.values().stream().mapToInt(Integer::intValue).sum()));
        });
        text.append("\n| case | outcome |\n|---|---|\n");
        CASES.forEach((name, outcome) -> text.append("| %s | %s |\n".formatted(name, outcome)));
        try {
            Path folder = Files.createDirectories(Path.of("target", "crash"));
            Files.writeString(folder.resolve(System.getProperty("crash.summary", "summary") + ".md"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
