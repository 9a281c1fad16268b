package replklab.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** How often what was done to the program, in {@code target/crash/summary.md}; written anew with each case. */
final class Summary {
    private static final Map<String, Integer> KILLS = new TreeMap<>();
    private static final Map<String, String> CASES = new TreeMap<>();

    private Summary() {}

    /** One kill of something that lived. */
    static synchronized void kill(String kind) {
        KILLS.merge(kind, 1, Integer::sum);
        write();
    }

    /** A case and what came of it. */
    static synchronized void outcome(String name, boolean passed) {
        CASES.put(name, passed ? "passed" : "FAILED");
        write();
    }

    static synchronized int kills() {
        return KILLS.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void write() {
        StringBuilder text =
                new StringBuilder("# The crash suite, seed " + Story.SEED + "\n\n| killed | times |\n|---|---|\n");
        KILLS.forEach((kind, times) -> text.append("| %s | %d |\n".formatted(kind, times)));
        text.append("| together | %d |\n\n| case | outcome |\n|---|---|\n".formatted(kills()));
        CASES.forEach((name, outcome) -> text.append("| %s | %s |\n".formatted(name, outcome)));
        try {
            Path folder = Files.createDirectories(Path.of("target", "crash"));
            Files.writeString(folder.resolve("summary.md"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
