package replklab.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory that holds little; mounting one takes root's rights. */
final class SmallDisk implements AutoCloseable {
    private static final long SIZE = 8 << 20;

    private final Path place;
    private final Path filler;

    private SmallDisk(Path place) {
        this.place = place;
        this.filler = place.resolve("filler");
    }

    /** Mounts one on a folder, which is made; without the right to, the test is skipped. */
    static SmallDisk mount(Path place) throws IOException {
        Files.createDirectories(place);
        boolean mounted = command("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", place.toString());
        assumeTrue(mounted, "file systems cannot be mounted here: it takes root's rights");
        return new SmallDisk(place);
    }

    /** Leaves that many bytes, or none if somebody writes at the same time. */
    void leave(long bytes) throws IOException {
        empty();
        FileStore store = Files.getFileStore(place);
        byte[] filling = new byte[Math.toIntExact(Math.max(0, store.getUsableSpace() - bytes))];
        try {
            Files.write(filler, filling);
        } catch (IOException e) {
            if (store.getUsableSpace() > bytes) {
                throw e;
            }
        }
    }

    /** Gives all room back. */
    void empty() throws IOException {
        Files.deleteIfExists(filler);
    }

    void readOnly(boolean wanted) throws IOException {
        if (!command("mount", "-o", "remount," + (wanted ? "ro" : "rw"), place.toString())) {
            throw new AssertionError("cannot make it read-only or writable again: " + place);
        }
    }

    @Override
    public void close() throws IOException {
        command("umount", "-l", place.toString());
    }

    private static boolean command(String... words) throws IOException {
        Process process =
                new ProcessBuilder(List.of(words)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            boolean well = process.waitFor() == 0;
            if (!well) {
                System.err.println(said.strip());
            }
            return well;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
