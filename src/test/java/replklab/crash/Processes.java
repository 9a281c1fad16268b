package replklab.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What runs on this machine, as {@code /proc} tells. */
final class Processes {
    private static final long PAUSE = 2;

    private Processes() {}

    /** The live processes whose command line or working folder names this folder. */
    static List<ProcessHandle> of(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> mentions(process.pid(), folder))
                .toList();
    }

    private static boolean mentions(long pid, Path folder) {
        Path entry = Path.of("/proc", Long.toString(pid));
        try {
            // One that has ended but was not collected yet has an empty command line and no working folder.
            return Files.readString(entry.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                            .contains(folder.toString())
                    || Files.readSymbolicLink(entry.resolve("cwd")).startsWith(folder);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Sends a signal by its name, such as {@code INT}. */
    static void signal(long pid, String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            kill.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until something is so; tells whether it came to be in time. */
    static boolean await(BooleanSupplier so, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(PAUSE);
        }
        return true;
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The files below a folder, each with a mark if there is nothing in it. */
    static Set<String> content(Path folder) {
        Set<String> content = new HashSet<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.forEach(file -> content.add(file + (file.toFile().length() == 0 ? " empty" : "")));
            } catch (IOException | UncheckedIOException changing) {
                content.add("changing");
            }
        }
        return content;
    }

    /** Number of files below a folder; 0 as long as there is none. */
    static long files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        } catch (IOException | UncheckedIOException changing) {
            return 0;
        }
    }
}
