package replklab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.SourceDiff;
import replklab.tensor.Backend;
import replklab.tracking.LoggedRun;
import replklab.tracking.RunQuery;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;

/**
 * One thing in which a logged run's provenance is not what it would be here and now.
 *
 * @param what such as {@code "the commit"}
 * @param logged what the run was made with
 * @param here what there is now
 * @param way how to get there, or empty
 */
public record ProvenanceCheck(String what, String logged, String here, String way) {
    private static final String NONE = "not logged";
    private static final int DIGITS = 12;

    /** What differs, the likelier cause of other numbers first. */
    static List<ProvenanceCheck> of(LoggedRun run, RunIdentity here, Tracker tracker, RunQuery query) {
        List<ProvenanceCheck> found = new ArrayList<>();
        Map<String, String> tags = run.tags();
        Optional<RunIdentity> made = RunIdentity.of(tags);
        made.ifPresent(logged -> {
            add(found, "the settings as this program reads them", logged.settings(), here.settings(), "");
            add(found, "the compiled library", logged.library(), here.library(), "");
            add(found, "the data", logged.data(), here.data(), "");
            add(found, "code of your own", logged.code(), here.code(), "");
            add(
                    found,
                    "the device",
                    named(logged.device()),
                    named(here.device()),
                    "--device " + named(logged.device()));
        });
        Map<String, String> now = tracker.provenance();
        String commit = tags.getOrDefault(RunTags.COMMIT, "");
        if (!commit.isEmpty()) {
            add(found, "the commit", commit, now.getOrDefault(RunTags.COMMIT, NONE), "git checkout " + commit);
        }
        changes(found, run, query);
        add(found, "the JDK", tags.getOrDefault(RunTags.JDK, NONE), now.getOrDefault(RunTags.JDK, NONE), "");
        add(
                found,
                "the arithmetic",
                tags.getOrDefault(RunTags.BACKEND, NONE),
                Backend.current().description(),
                "");
        add(found, "the machine", machine(tags), machine(now), "");
        if (tags.containsKey(RunTags.JVM_FLAGS)) {
            add(found, "the JVM's flags", tags.get(RunTags.JVM_FLAGS), now.getOrDefault(RunTags.JVM_FLAGS, "none"), "");
        }
        return found;
    }

    private static String named(String device) {
        return device.isEmpty() ? "cpu" : device;
    }

    private static void changes(List<ProvenanceCheck> found, LoggedRun run, RunQuery query) {
        boolean dirty = Boolean.parseBoolean(run.tags().get(RunTags.DIRTY));
        Optional<String> logged = dirty ? run.artifact(query, SingleRun.SOURCE_DIFF) : Optional.empty();
        Optional<String> here = SourceDiff.current();
        if (dirty && logged.isEmpty()) {
            found.add(new ProvenanceCheck(
                    "uncommitted changes", "there were some, which were not kept", lines(here), ""));
        } else if (!logged.equals(here)) {
            found.add(new ProvenanceCheck(
                    "uncommitted changes",
                    lines(logged),
                    lines(here),
                    logged.isPresent()
                            ? "git apply " + SingleRun.SOURCE_DIFF + ", which is an artifact of the run"
                            : "git stash"));
        }
    }

    private static String lines(Optional<String> patch) {
        return patch.map(text -> "a patch of " + text.lines().count() + " lines")
                .orElse("none");
    }

    private static void add(List<ProvenanceCheck> found, String what, String logged, String here, String way) {
        if (!logged.equals(here)) {
            found.add(new ProvenanceCheck(what, shortened(logged), shortened(here), way));
        }
    }

    private static String shortened(String value) {
        return value.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? value.substring(0, DIGITS) : value;
    }

    /** Without the host's name, which decides nothing. */
    private static String machine(Map<String, String> tags) {
        return tags.getOrDefault(RunTags.MACHINE, NONE).replaceFirst("^[^,]*, ", "");
    }
}
