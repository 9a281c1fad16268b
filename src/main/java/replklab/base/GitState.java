package replklab.base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The commit that a checkout stands at, or that an unpacked archive was made of.
 *
 * @param commit full hash, {@link Provenance#UNKNOWN} without git or outside a checkout
 * @param dirty whether tracked or new files differ from it, apart from what runs themselves write: {@code results/} and
 *     notebooks with their outputs; else the second experiment of a sweep would already count as changed
 */
public record GitState(String commit, boolean dirty) {
    /** For git: everything but what runs write. */
    static final List<String> SOURCES =
            List.of("--", ".", ":(exclude)results", ":(exclude)notebooks", ":(exclude)my-notebooks");

    private static final GitState NONE = new GitState(Provenance.UNKNOWN, false);

    /** Asks git about the checkout in a folder, or an archive about itself. */
    public static GitState of(Path checkout) {
        if (PackagedTree.is(checkout)) {
            return PackagedTree.state(checkout);
        }
        // An empty prefix says that `checkout` is the top of its work tree, and not a folder within some other one.
        Optional<List<String>> head = git(checkout, "rev-parse", "HEAD", "--show-prefix");
        if (head.isEmpty() || (head.get().size() > 1 && !head.get().get(1).isEmpty())) {
            return NONE;
        }
        List<String> status = new ArrayList<>(List.of("status", "--porcelain"));
        status.addAll(SOURCES);
        Optional<List<String>> changes = git(checkout, status.toArray(String[]::new));
        return new GitState(
                head.get().getFirst(), changes.isEmpty() || !changes.get().isEmpty());
    }

    /** Whether there is a commit at all. */
    public boolean isKnown() {
        return !commit.equals(Provenance.UNKNOWN);
    }

    /** A git command in a folder, which says nothing on standard error. */
    static ProcessBuilder command(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        // A hook that starts us leaves GIT_DIR and the like behind, which would point elsewhere.
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        return builder;
    }

    /** The lines of a git command, empty when it fails or is not installed. */
    private static Optional<List<String>> git(Path folder, String... arguments) {
        try {
            Process process = command(folder, arguments).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(text.lines().toList()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
