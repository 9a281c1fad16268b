package replklab.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.Digests;
import replklab.base.WholeFile;

/**
 * Digests by keys that say what was read, in a file of one line each. A line carries a check of itself: one that is damaged or cut
 * off counts as not there. Nothing depends on the file; what cannot be read or written is computed again.
 */
final class DigestCache {
    /** Twice ImageNet's classes in training and validation, and then some. */
    private static final int MOST = 10_000;

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9a-f]{64}) ([0-9a-f]{16})");

    private final Path file;

    /** @param file null for none */
    DigestCache(Path file) {
        this.file = file;
    }

    /** The digest of a key, or null. */
    String get(String key) {
        return entries().get(key);
    }

    /** Keeps a digest; the oldest ones make room. */
    synchronized void put(String key, String digest) {
        if (file == null) {
            return;
        }
        Map<String, String> entries = entries();
        entries.remove(key);
        entries.put(key, digest);
        List<String> lines = new ArrayList<>();
        entries.forEach((known, value) -> lines.add(known + " " + value + " " + check(known, value) + "\n"));
        String text = String.join("", lines.subList(Math.max(0, lines.size() - MOST), lines.size()));
        try {
            Files.createDirectories(file.getParent());
            WholeFile.replace(file, text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // A read-only checkout or a full disk: the files are read again the next time.
            return;
        }
    }

    private Map<String, String> entries() {
        Map<String, String> entries = new LinkedHashMap<>();
        try {
            String text = file == null || !Files.isRegularFile(file)
                    ? ""
                    : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1); // whatever the bytes
            text.lines().forEach(line -> {
                Matcher parts = LINE.matcher(line);
                if (parts.matches() && parts.group(3).equals(check(parts.group(1), parts.group(2)))) {
                    entries.put(parts.group(1), parts.group(2));
                }
            });
        } catch (IOException e) {
            return entries; // as if there were none
        }
        return entries;
    }

    private static String check(String key, String digest) {
        return Digests.of("1 " + key + " " + digest).substring(0, 16);
    }
}
