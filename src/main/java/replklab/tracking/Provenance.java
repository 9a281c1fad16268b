package replklab.tracking;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where a run comes from.
 *
 * @param commit of the checkout, empty without Git
 * @param dirty whether the checkout holds changes that the commit does not
 * @param user who runs it
 * @param machine host, processor and number of processors
 * @param jdk version and vendor
 */
public record Provenance(Optional<String> commit, boolean dirty, String user, String machine, String jdk) {
    /** Looks at this machine and at the checkout in a folder. */
    public static Provenance of(Path checkout) {
        Optional<String> commit = git(checkout, "rev-parse", "HEAD").map(String::strip);
        boolean dirty = commit.isPresent()
                && git(checkout, "status", "--porcelain")
                        .filter(text -> !text.isBlank())
                        .isPresent();
        String machine =
                host() + ", " + processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors";
        String jdk = Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
        return new Provenance(commit, dirty, System.getProperty("user.name", "unknown"), machine, jdk);
    }

    /** As tags of a run. */
    Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        commit.ifPresent(hash -> {
            tags.put(RunTags.COMMIT, hash);
            tags.put(RunTags.DIRTY, Boolean.toString(dirty));
        });
        tags.put(RunTags.USER, user);
        tags.put(RunTags.MACHINE, machine);
        tags.put(RunTags.JDK, jdk);
        return tags;
    }

    private static Optional<String> git(Path folder, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean well = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
            return well ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no Git on this machine
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
