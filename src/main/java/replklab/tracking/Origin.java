package replklab.tracking;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.base.GitState;
import replklab.base.JvmFlags;
import replklab.base.Machine;

/**
 * Where a run comes from, as its tags tell.
 *
 * @param git commit of the checkout
 * @param user who runs it
 * @param machine host, then what the computer is
 * @param jdk version and vendor
 * @param jvmFlags options of the JVM
 */
record Origin(GitState git, String user, String machine, String jdk, String jvmFlags) {
    /** Looks at this machine and at the checkout in a folder. */
    static Origin of(Path checkout) {
        return new Origin(
                GitState.of(checkout),
                System.getProperty("user.name", "unknown"),
                host() + ", " + Machine.current(),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                JvmFlags.current());
    }

    /** As tags of a run. */
    Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        if (git.isKnown()) {
            tags.put(RunTags.COMMIT, git.commit());
            tags.put(RunTags.DIRTY, Boolean.toString(git.dirty()));
        }
        tags.put(RunTags.USER, user);
        tags.put(RunTags.MACHINE, machine);
        tags.put(RunTags.JDK, jdk);
        if (!jvmFlags.isEmpty()) {
            tags.put(RunTags.JVM_FLAGS, jvmFlags);
        }
        return tags;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }
}
