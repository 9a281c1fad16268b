package replklab.base;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a result comes from: with these values and the checkout at this commit, it can be made again. Every result file
 * is stamped with it.
 *
 * @param commit full hash of the checkout's commit, {@code "unknown"} outside a git checkout
 * @param dirty whether sources, experiments or data differ from that commit; false where it is unknown
 * @param jdk vendor and version
 * @param machine where it ran
 * @param backend what did the arithmetic, as the caller names it
 * @param config SHA-256 of the resolved configuration, in hexadecimal
 * @param seeds every seed in use
 * @param profile {@code smoke}, {@code quick} or {@code full}
 * @param started when the work began
 * @param took how long it took; zero until {@link #finished}
 * @param runs how many of its runs were made at which commit, shortened; empty until {@link #ofRuns}, and where there are none
 * @param settings SHA-256 of the settings alone, without the configuration's words; empty until {@link #ofSettings}
 */
public record Provenance(
        String commit,
        boolean dirty,
        String jdk,
        Machine machine,
        String backend,
        String config,
        List<Long> seeds,
        String profile,
        Instant started,
        Duration took,
        SequencedMap<String, Integer> runs,
        String settings) {
    /** Stands for a commit that cannot be told. */
    public static final String UNKNOWN = "unknown";

    private static final int SHORT = 12;

    public Provenance {
        seeds = List.copyOf(seeds);
        runs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(runs));
        started = started.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Collects what can be asked of the checkout, the JVM and the machine now.
     *
     * @param checkout root of the checkout
     * @param backend name of the numeric backend
     * @param configuration text of the resolved configuration, as it is logged
     */
    public static Provenance collect(
            Path checkout, String backend, String configuration, List<Long> seeds, String profile, Instant started) {
        GitState git = GitState.of(checkout);
        return new Provenance(
                git.commit(),
                git.dirty(),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                Machine.current(),
                backend,
                Digests.of(configuration),
                seeds,
                profile,
                started,
                Duration.ZERO,
                new LinkedHashMap<>(),
                "");
    }

    /** The same, of work that ended at {@code end}. */
    public Provenance finished(Instant end) {
        Duration duration = Duration.between(started, end);
        return with(duration.isNegative() ? Duration.ZERO : duration, runs, settings);
    }

    /**
     * The same, of runs that were made at these commits: earlier executions may have finished some of them.
     *
     * @param commits a short commit for each run
     */
    public Provenance ofRuns(List<String> commits) {
        SequencedMap<String, Integer> counted = new LinkedHashMap<>();
        commits.forEach(made -> counted.merge(made, 1, Integer::sum));
        return with(took, counted, settings);
    }

    /** The same, of settings with this hash. */
    public Provenance ofSettings(String hash) {
        return with(took, runs, hash);
    }

    private Provenance with(Duration took, SequencedMap<String, Integer> runs, String settings) {
        return new Provenance(
                commit, dirty, jdk, machine, backend, config, seeds, profile, started, took, runs, settings);
    }

    /** Twelve digits of the commit, with {@code -dirty} where the tree differs from it. */
    public String shortCommit() {
        String digits = commit.length() > SHORT ? commit.substring(0, SHORT) : commit;
        return dirty ? digits + "-dirty" : digits;
    }

    /** Twelve digits of the configuration's hash. */
    public String shortConfig() {
        return config.substring(0, Math.min(SHORT, config.length()));
    }

    /** Everything as text by key, in order: tags of a run, the chunks of a PNG, the fields of {@code provenance.json}. */
    public SequencedMap<String, String> asMap() {
        SequencedMap<String, String> map = new LinkedHashMap<>();
        map.put("commit", commit);
        map.put("dirty", commit.equals(UNKNOWN) ? UNKNOWN : Boolean.toString(dirty));
        map.put("config_sha256", config);
        if (!settings.isEmpty()) {
            map.put("settings_sha256", settings);
        }
        map.put("profile", profile);
        map.put("seeds", seeds.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        map.put("backend", backend);
        map.put("jdk", jdk);
        map.put("cpu", machine.cpu());
        map.put("cores", Integer.toString(machine.cores()));
        map.put("memory_gib", Long.toString(machine.memoryGib()));
        map.put("os", machine.os());
        map.put("started", started.toString());
        map.put("seconds", Long.toString(took.toSeconds()));
        if (!runs.isEmpty()) {
            map.put("run_commits", counts("%s:%d", " "));
        }
        return map;
    }

    /** A Markdown list, one line an entry. */
    public String markdown() {
        String tree = commit.equals(UNKNOWN) ? "" : dirty ? " with uncommitted changes" : "";
        boolean elsewhere = !runs.isEmpty() && !runs.keySet().equals(Set.of(shortCommit()));
        String made = elsewhere ? "- runs made at commit " + counts("`%s` (%d)", ", ") + "\n" : "";
        return """
                - commit `%s`%s, configuration `%s`
                %s- profile `%s`, seeds %s, backend %s
                - %s
                - %s
                - started %s, took %s
                """.formatted(
                        commit,
                        tree,
                        config,
                        made,
                        profile,
                        seeds.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        backend,
                        jdk,
                        machine,
                        started,
                        words(took));
    }

    private String counts(String format, String between) {
        return runs.entrySet().stream()
                .map(entry -> format.formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(between));
    }

    /** A duration as reports tell it: {@code 45 s}, {@code 18 min 27 s}, {@code 1 h 05 min}. */
    public static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
                : "%d h %02d min".formatted(seconds / 3600, seconds % 3600 / 60);
    }
}
