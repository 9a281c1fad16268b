package replklab.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import replklab.base.LabException;

/**
 * What a run's log says of it. A run is {@link RunStatus#RUNNING} from its creation, or from being resumed, to its end; one
 * that has a result is {@link RunStatus#FINISHED} even if the process died before it could write the end.
 */
public final class RunRecord {
    private Event.Create create;
    private String tracker = "";
    private String key = "";
    private Event.Known known;
    private Event.GivenUp givenUp;
    private final List<Event.NotTaken> notTaken = new ArrayList<>();
    private Event.End end;
    private String result;
    private boolean unreadable;
    private boolean damaged;
    private final Map<String, String> params = new TreeMap<>();
    private final Map<String, String> tags = new TreeMap<>();
    private final Map<String, Double> metrics = new TreeMap<>();
    private final Map<String, StepSet> steps = new HashMap<>();
    private final Set<DatasetInput> datasets = new HashSet<>();
    private final Set<String> artifacts = new HashSet<>();
    private final Map<String, List<String>> notes = new LinkedHashMap<>();

    RunRecord() {}

    /**
     * Reads a folder's log, whoever may be writing it.
     *
     * @return empty if the folder holds no run
     */
    public static Optional<RunRecord> read(Path folder) {
        if (!RunLog.existsIn(folder)) {
            return Optional.empty();
        }
        try {
            return Optional.of(RunLog.read(folder)).filter(RunRecord::exists);
        } catch (IOException e) {
            throw new LabException("cannot read " + folder.resolve(RunLog.FILE) + ": " + e.getMessage(), e);
        }
    }

    /** A line that is no event. */
    synchronized void applyUnreadable() {
        unreadable = true;
    }

    synchronized void apply(Event event) {
        damaged |= unreadable; // at the end it was never written whole
        switch (event) {
            case Event.Create made -> {
                create = made;
                tracker = made.tracker();
                key = made.key();
                tags.putAll(made.tags());
            }
            case Event.Moved moved -> {
                tracker = moved.tracker();
                key = moved.key();
                known = null;
                givenUp = null;
            }
            case Event.Known id -> known = id;
            case Event.GivenUp reason -> givenUp = reason;
            case Event.LostEnd _ -> damaged = true;
            case Event.NotTaken once -> {
                notTaken.removeIf(
                        before -> before.at() != once.at() || !before.request().equals(once.request()));
                notTaken.add(once);
            }
            case Event.Resume _ -> end = null;
            case Event.Params added -> params.putAll(added.values());
            case Event.Tags added -> tags.putAll(added.values());
            case Event.Metrics values ->
                values.values().forEach((key, value) -> {
                    metrics.put(key, value);
                    steps.computeIfAbsent(key, name -> new StepSet()).add(values.step());
                });
            case Event.Input input -> datasets.add(input.dataset());
            case Event.Artifact artifact -> artifacts.add(artifact.path());
            case Event.Model model ->
                artifacts.addAll(model.files().stream()
                        .map(file -> file.substring(RunFolder.ARTIFACTS.length() + 1))
                        .toList());
            case Event.About _ -> {
                // Of the experiment, not of the run.
            }
            case Event.Note note ->
                notes.computeIfAbsent(note.kind(), kind -> new ArrayList<>()).add(note.json());
            case Event.Result value -> result = value.json();
            case Event.End over -> end = over;
        }
    }

    /** Whether there is a run at all: a log without its first record is none. */
    synchronized boolean exists() {
        return create != null;
    }

    synchronized Event.Create create() {
        return create;
    }

    /** The run's {@link RunTags#KEY}. */
    synchronized String key() {
        return key;
    }

    synchronized String tracker() {
        return tracker;
    }

    synchronized Optional<Event.Known> known() {
        return Optional.ofNullable(known);
    }

    synchronized boolean isGivenUp() {
        return givenUp != null;
    }

    /** Each time in a row that the server did not take this very request about this very event, oldest first. */
    synchronized List<Event.NotTaken> notTaken(long at, String request) {
        return notTaken.stream()
                .filter(each -> each.at() == at && each.request().equals(request))
                .toList();
    }

    /** Whether the log says how the run ended; else its process goes on, or died. */
    synchronized boolean hasEnded() {
        return end != null;
    }

    /**
     * Whether a record in the middle of the log cannot be read, or the log is shorter than what the server was told of it, which only a
     * damaged disk explains. What is there still holds, but nobody knows what is missing, so such a run is not gone on with.
     */
    public synchronized boolean isDamaged() {
        return damaged;
    }

    /** How a run ended whose process is gone. */
    synchronized RunStatus orphaned() {
        return result != null ? RunStatus.FINISHED : RunStatus.KILLED;
    }

    synchronized boolean isLogged(String metric, long step) {
        StepSet logged = steps.get(metric);
        return logged != null && logged.contains(step);
    }

    /** Whether a metric has a value at each step from 1 to {@code last}. */
    public synchronized boolean hasSteps(String metric, long last) {
        StepSet logged = steps.get(metric);
        return last == 0 || (logged != null && logged.containsAll(1, last));
    }

    synchronized boolean has(DatasetInput input) {
        return datasets.contains(input);
    }

    /** Name of the MLflow experiment. */
    public synchronized String experiment() {
        return create.experiment();
    }

    /** Name of the run. */
    public synchronized String name() {
        return create.name();
    }

    /** When it began, in milliseconds since 1970. */
    public synchronized long start() {
        return create.start();
    }

    /** When it ended, in milliseconds since 1970; empty while it goes on. */
    public synchronized Optional<Long> endTime() {
        return Optional.ofNullable(end).map(Event.End::time);
    }

    /** The run's place on MLflow's page, below the server's address. */
    synchronized Optional<String> page() {
        return known().map(run -> RunPage.of(run.experimentId(), run.runId()));
    }

    /** MLflow's id, empty until MLflow has given one. */
    public synchronized Optional<String> runId() {
        return known().map(Event.Known::runId);
    }

    /** Where it stands. */
    public synchronized RunStatus status() {
        return result != null ? RunStatus.FINISHED : end != null ? end.status() : RunStatus.RUNNING;
    }

    /** What came out of it, as JSON; present if and only if the run is finished with all it had to do. */
    public synchronized Optional<String> result() {
        return Optional.ofNullable(result);
    }

    /** All parameters. */
    public synchronized Map<String, String> params() {
        return Collections.unmodifiableMap(new TreeMap<>(params));
    }

    /** All tags, those of the creation too. */
    public synchronized Map<String, String> tags() {
        return Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** The last value of each metric. */
    public synchronized Map<String, Double> metrics() {
        return Collections.unmodifiableMap(new TreeMap<>(metrics));
    }

    /** The step after the highest one at which a metric has a value; 0 if it has none. */
    public synchronized long nextStep(String metric) {
        return steps.containsKey(metric) ? steps.get(metric).last() + 1 : 0;
    }

    /** Paths of the artifacts. */
    public synchronized List<String> artifacts() {
        return artifacts.stream().sorted().toList();
    }

    /** Notes of a kind as JSON, oldest first. */
    public synchronized List<String> notes(String kind) {
        return List.copyOf(notes.getOrDefault(kind, List.of()));
    }
}
