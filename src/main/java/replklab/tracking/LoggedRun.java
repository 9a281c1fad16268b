package replklab.tracking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import replklab.base.LabException;
import replklab.base.UsageException;

/**
 * A run that was logged, as it can be read back: from its own log, which is the truth, or from MLflow where this machine does not
 * have the log.
 *
 * @param folder where its log lies; empty if MLflow told of it
 * @param metrics the last value of each metric
 * @param page its place on MLflow's page, below the server's address; empty while MLflow does not know it
 */
public record LoggedRun(
        String runId,
        String experiment,
        String name,
        RunStatus status,
        Instant start,
        Optional<Instant> end,
        SortedMap<String, String> params,
        SortedMap<String, String> tags,
        SortedMap<String, Double> metrics,
        List<String> artifacts,
        Optional<Path> folder,
        Optional<String> page) {
    public LoggedRun {
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
        artifacts = List.copyOf(artifacts);
    }

    /**
     * Finds a run.
     *
     * @param query MLflow
     * @param results the folder below which runs have their logs
     * @param id MLflow's id of the run, or the beginning of it as long as no other run's begins so
     * @throws UsageException if there is none, or several
     */
    public static LoggedRun find(RunQuery query, Path results, String id) {
        if (!id.matches("[0-9A-Za-z-]{4,}")) {
            throw new UsageException(
                    "'" + id + "' is no run id, nor four or more characters of its beginning; runs.csv,"
                            + " MLflow's page and ./lab compare --json show the ids");
        }
        SequencedMap<String, LoggedRun> found = new LinkedHashMap<>();
        for (Path folder : logs(results)) {
            RunRecord.read(folder)
                    .filter(record -> record.runId().orElse("").startsWith(id))
                    .ifPresent(record -> found.merge(record.runId().get(), of(folder, record), LoggedRun::later));
        }
        if (!found.containsKey(id)) { // a beginning may fit others, too, and a whole id is no other's beginning
            for (String experiment : query.experiments()) {
                for (TrackedRun run : query.runs(experiment)) {
                    if (run.runId().startsWith(id)) {
                        found.computeIfAbsent(run.runId(), whole -> of(query, run));
                    }
                }
            }
        }
        if (found.containsKey(id)) {
            return found.get(id);
        }
        if (found.isEmpty()) {
            throw new UsageException("no run has the id " + id + ": searched were the logs below " + results
                    + " and the experiments that MLflow has");
        }
        if (found.size() > 1) {
            throw new UsageException(
                    "the ids of " + found.size() + " runs begin with " + id + ": " + String.join(", ", found.keySet()));
        }
        return found.firstEntry().getValue();
    }

    /** The run whose log lies in a folder; empty if there is none, or MLflow has not given it an id. */
    public static Optional<LoggedRun> in(Path folder) {
        return RunRecord.read(folder).map(record -> of(folder, record));
    }

    /** A copied folder has the same run. */
    private static LoggedRun later(LoggedRun one, LoggedRun other) {
        boolean isLater = one.end.orElse(Instant.MAX).isBefore(other.end.orElse(Instant.MAX));
        return isLater ? other : one;
    }

    private static List<Path> logs(Path results) {
        try {
            return LeftBehind.all(results);
        } catch (IOException e) {
            throw new LabException("cannot look through " + results + ": " + e.getMessage(), e);
        }
    }

    private static LoggedRun of(Path folder, RunRecord record) {
        return new LoggedRun(
                record.runId().orElse(""),
                record.experiment(),
                record.name(),
                record.status(),
                Instant.ofEpochMilli(record.start()),
                record.endTime().map(Instant::ofEpochMilli),
                new TreeMap<>(record.params()),
                new TreeMap<>(record.tags()),
                new TreeMap<>(record.metrics()),
                record.artifacts(),
                Optional.of(folder),
                record.page());
    }

    private static LoggedRun of(RunQuery query, TrackedRun run) {
        return new LoggedRun(
                run.runId(),
                run.experiment(),
                run.name(),
                run.status(),
                run.start(),
                run.end(),
                new TreeMap<>(run.params()),
                new TreeMap<>(run.tags()),
                new TreeMap<>(run.metrics()),
                query.artifacts(run.runId()),
                Optional.empty(),
                Optional.of(query.page(run.runId())));
    }

    /** Whether it came to its end, which a divergence is, too. */
    public boolean isFinished() {
        return status == RunStatus.FINISHED;
    }

    /** How it ended, in words: {@code finished}, or {@code diverged at step 7 in stages.0.norm}. */
    public String ending() {
        return RunTags.DIVERGED.equals(tags.get(RunTags.OUTCOME))
                ? "diverged at step " + tags.get(RunTags.DIVERGED_STEP) + " in " + tags.get(RunTags.DIVERGED_LAYER)
                : status.toString().toLowerCase(Locale.ROOT);
    }

    /** The text of an artifact; empty if it has none of that path. */
    public Optional<String> artifact(RunQuery query, String path) {
        if (folder.isEmpty()) {
            return query.artifact(runId, path);
        }
        Path file = folder.get().resolve(RunFolder.ARTIFACTS).resolve(path);
        try {
            return artifacts.contains(path) && Files.exists(file)
                    ? Optional.of(Files.readString(file, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Every value of every metric, by name and step. */
    public SortedMap<String, SortedMap<Long, Double>> history(RunQuery query) {
        SortedMap<String, SortedMap<Long, Double>> history = new TreeMap<>();
        if (folder.isPresent()) {
            try {
                RunLog.replay(folder.get(), event -> {
                    if (event instanceof Event.Metrics told) {
                        told.values()
                                .forEach((metric, value) ->
                                        points(history, metric).put(told.step(), value));
                    }
                });
            } catch (IOException e) {
                throw new LabException("cannot read the log in " + folder.get() + ": " + e.getMessage(), e);
            }
        } else {
            for (String metric : metrics.keySet()) {
                List<MetricPoint> told = new ArrayList<>(query.history(runId, metric));
                told.sort(Comparator.comparing(MetricPoint::time));
                told.forEach(point -> points(history, metric).put(point.step(), point.value()));
            }
        }
        return history;
    }

    private static SortedMap<Long, Double> points(SortedMap<String, SortedMap<Long, Double>> history, String metric) {
        return history.computeIfAbsent(metric, name -> new TreeMap<>());
    }
}
