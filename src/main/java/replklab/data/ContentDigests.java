package replklab.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import replklab.base.Digests;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Parallel;

/**
 * SHA-256 of what files hold, as lists of {@code sha256sum} lines: an image that is exchanged for another one of its name and size
 * makes another data set. ImageNet takes minutes to read, so digests are kept in {@code .lab/}, a line for each folder, and
 * found again as long as no file's size, times, inode or name has changed.
 */
final class ContentDigests {
    private static final String CACHE = "digests.txt";

    /** A file that was written within this time may be written again without a trace: clocks of file systems tick coarsely. */
    private static final long SETTLED_MS = 2_500;

    /** From here on it is said that it takes a while. */
    private static final long LARGE = 4L << 30;

    private final DigestCache cache;
    private final LongSupplier clock;

    /** What is known of files without reading them. */
    private record Stats(String key, long bytes, boolean settled) {}

    ContentDigests(DigestCache cache, LongSupplier clock) {
        this.cache = cache;
        this.clock = clock;
    }

    /** With the checkout's own cache; outside of a checkout there is none. */
    static ContentDigests ofCheckout() {
        Path file;
        try {
            file = LabHome.resolve(".lab", CACHE);
        } catch (LabException e) {
            file = null; // a library on its own
        }
        return new ContentDigests(new DigestCache(file), System::currentTimeMillis);
    }

    /**
     * One digest of the contents and names of files.
     *
     * @param names below the folder, in their order
     * @throws LabException naming a file that cannot be read
     */
    String of(Path folder, List<String> names) {
        Stats before = stats(folder, names);
        String known = before.settled ? cache.get(before.key) : null;
        if (known != null) {
            return known;
        }
        if (before.bytes > LARGE) {
            System.err.printf(
                    "Reading %d files of %s (%.1f GB) for the digest of the data; it is kept for the next time.%n",
                    names.size(), folder, before.bytes / 1e9);
        }
        String[] lines = new String[names.size()];
        Parallel.forEach(
                lines.length, i -> lines[i] = Digests.line(ofFile(folder.resolve(names.get(i))), names.get(i)));
        MessageDigest digest = Digests.sha256();
        for (String line : lines) {
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        String found = Digests.hex(digest);
        if (before.settled && stats(folder, names).key.equals(before.key)) {
            cache.put(before.key, found);
        }
        return found;
    }

    private static String ofFile(Path file) {
        MessageDigest digest = Digests.sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new LabException(file + " cannot be read: " + e, e);
        }
        return Digests.hex(digest);
    }

    /** Times in nanoseconds as far as the file system has them; a change of a file's contents cannot but move its ctime. */
    private Stats stats(Path folder, List<String> names) {
        MessageDigest digest = Digests.sha256();
        digest.update((folder.toAbsolutePath() + "\n").getBytes(StandardCharsets.UTF_8));
        long bytes = 0;
        long newest = Long.MIN_VALUE;
        try {
            for (String name : names) {
                Map<String, Object> known =
                        Files.readAttributes(folder.resolve(name), "unix:size,lastModifiedTime,ctime,ino,dev");
                List<Object> values = new ArrayList<>(List.of(name, known.get("dev"), known.get("ino")));
                for (String time : new String[] {"lastModifiedTime", "ctime"}) {
                    FileTime moment = (FileTime) known.get(time);
                    newest = Math.max(newest, moment.toMillis());
                    values.add(moment.toInstant());
                }
                values.add(known.get("size"));
                bytes += (long) known.get("size");
                digest.update((values + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (UnsupportedOperationException e) { // Windows tells no ctime: the files are read each time
            return new Stats("", 0, false);
        } catch (IOException | UncheckedIOException e) {
            throw new LabException("files of " + folder + " cannot be read: " + e, e);
        }
        return new Stats(Digests.hex(digest), bytes, newest < clock.getAsLong() - SETTLED_MS);
    }
}
