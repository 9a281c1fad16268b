package replklab.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What a checkout holds that its commit does not, as a patch that {@code git apply} takes: changed files apart from {@code results/}
 * and the notebooks, and new ones where sources lie. New files elsewhere stay out, which may be data or somebody's secrets.
 */
public final class SourceDiff {
    /** Larger patches are not kept: only what of the tree they are of. */
    static final int MOST_BYTES = 1 << 20;

    private static final List<String> SOURCES = List.of("src", "experiments");

    private static final Map<Path, Optional<String>> KNOWN = new ConcurrentHashMap<>();

    private SourceDiff() {}

    /** The patch of this process's checkout, as it was when it was first asked for; empty where the tree is clean or has no commit. */
    public static Optional<String> current() {
        return KNOWN.computeIfAbsent(LabHome.root(), SourceDiff::of);
    }

    /** The patch of a checkout as it stands. */
    public static Optional<String> of(Path checkout) {
        GitState state = GitState.of(checkout);
        if (!state.isKnown() || !state.dirty() || PackagedTree.is(checkout)) {
            return Optional.empty(); // in an archive there is no commit to compare with
        }
        Path index = null;
        try {
            index = Files.createTempFile("replklab-", ".index");
            Files.delete(index); // git takes an empty file for a broken index
            // An index of its own: there new files can be announced without touching what the user has staged.
            git(checkout, index, List.of("read-tree", "HEAD"));
            List<String> sources = SOURCES.stream()
                    .filter(folder -> Files.isDirectory(checkout.resolve(folder)))
                    .toList();
            if (!sources.isEmpty()) {
                git(checkout, index, joined(List.of("add", "--intent-to-add", "--"), sources));
            }
            byte[] patch = git(checkout, index, joined(List.of("diff", "--binary", "HEAD"), GitState.SOURCES));
            if (patch.length > MOST_BYTES) {
                byte[] files = git(checkout, index, joined(List.of("diff", "--stat", "HEAD"), GitState.SOURCES));
                return Optional.of("# The changes are more than " + MOST_BYTES + " bytes, too many to keep:\n"
                        + new String(files, 0, Math.min(files.length, MOST_BYTES), StandardCharsets.UTF_8));
            }
            return Optional.of(new String(patch, StandardCharsets.UTF_8)).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            delete(index);
        }
    }

    private static List<String> joined(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /** What a command prints, up to a byte more than {@link #MOST_BYTES}. */
    private static byte[] git(Path checkout, Path index, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-c", "core.quotePath=false", "-c", "diff.noprefix=false"));
        all.addAll(arguments);
        ProcessBuilder builder = GitState.command(checkout, all.toArray(String[]::new));
        builder.environment().put("GIT_INDEX_FILE", index.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            byte[] text = out.readNBytes(MOST_BYTES + 1);
            if (text.length > MOST_BYTES) {
                process.destroy();
                return text;
            }
            if (process.waitFor() != 0) {
                throw new IOException("git " + arguments.getFirst() + " failed");
            }
            return text;
        }
    }

    private static void delete(Path index) {
        try {
            if (index != null) {
                Files.deleteIfExists(index);
            }
        } catch (IOException e) {
            return; // the system clears its temporary folder
        }
    }
}
