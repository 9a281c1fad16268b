package replklab.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import replklab.base.Provenance;
import replklab.cluster.SlurmSweep;
import replklab.cluster.SweepRecord;
import replklab.experiment.Experiment;
import replklab.experiment.RunState;
import replklab.experiment.RunState.Kind;

/** Where the runs of an experiment stand, in words. */
final class SweepStatus {
    private static final int MOST_LINES = 40;

    private SweepStatus() {}

    /** Of all there is to see in the shared folder; and of Slurm's queue, where this machine knows it. */
    static String of(Path results, Experiment experiment) {
        List<RunState> states = RunState.of(results, experiment);
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        states.forEach(state -> counts.merge(state.kind(), 1, Integer::sum));
        StringBuilder text = new StringBuilder(experiment.name() + ": " + states.size() + " runs, "
                + counts.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", ")));
        left(states)
                .ifPresent(left ->
                        text.append("; about ").append(Provenance.words(left)).append(" left"));
        text.append('\n');
        List<RunState> told = states.stream()
                .filter(state -> state.kind() != Kind.WAITING && state.kind() != Kind.FINISHED)
                .toList();
        told.stream()
                .limit(MOST_LINES)
                .forEach(state -> text.append("  ").append(state.line()).append('\n'));
        if (told.size() > MOST_LINES) {
            text.append("  and ").append(told.size() - MOST_LINES).append(" more\n");
        }
        SweepRecord.read(SweepRecord.folder(results, experiment))
                .filter(record -> record.engine().equals(SweepRecord.SLURM))
                .ifPresent(record -> text.append(queue(record)));
        return text.toString();
    }

    private static String queue(SweepRecord record) {
        String jobs = "Slurm's jobs: " + (record.array().isEmpty() ? "" : "array " + record.array() + ", ") + "report "
                + record.collector();
        List<String> queued = SlurmSweep.queued(record);
        Map<String, Long> counts =
                queued.stream().collect(Collectors.groupingBy(state -> state, Collectors.counting()));
        return "  " + jobs
                + (counts.isEmpty()
                        ? "; none in the queue, as far as this machine knows\n"
                        : "; in the queue "
                                + counts.entrySet().stream()
                                        .map(each -> each.getValue() + " "
                                                + each.getKey().toLowerCase(java.util.Locale.ROOT))
                                        .sorted()
                                        .collect(Collectors.joining(", "))
                                + "\n");
    }

    /** By what runs took and say they have left; as many at once as there are now. */
    static Optional<Duration> left(List<RunState> states) {
        double mean = states.stream()
                .filter(state -> state.isDone() && state.seconds() > 0)
                .mapToDouble(RunState::seconds)
                .average()
                .orElse(-1);
        List<RunState> running =
                states.stream().filter(state -> state.kind() == Kind.RUNNING).toList();
        long open = states.stream().filter(state -> !state.isDone()).count();
        if (open == 0 || (mean < 0 && running.stream().noneMatch(state -> state.seconds() >= 0))) {
            return Optional.empty();
        }
        double each = mean >= 0
                ? mean
                : running.stream().mapToDouble(RunState::seconds).max().orElse(0);
        double begun = running.stream()
                .mapToDouble(state -> state.seconds() >= 0 ? state.seconds() : each)
                .sum();
        double all = begun + (open - running.size()) * each;
        return Optional.of(Duration.ofSeconds(Math.round(all / Math.max(1, running.size()))));
    }
}
