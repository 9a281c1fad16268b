package replklab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.RunIds;
import replklab.experiment.Stale;
import replklab.stats.RunRow;
import replklab.tracking.Tracker;

/** The parts of {@code ./lab run}, which many processes can do on many machines. */
final class PartOptions {
    private static final Pattern INDICES = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    @Option(names = "--count", description = "Print how many indices the experiment has: one a run, from 0.")
    boolean count;

    @Option(
            names = "--index",
            paramLabel = "I",
            description = "Do one run, or those from I to J (I-J), and nothing else; exit code 0 if it is finished.")
    String index;

    @Option(
            names = "--collect",
            description = "Report what is there, whoever has done it; exit code 1 if runs are missing or failed.")
    boolean collect;

    @Option(
            names = "--offline",
            description = "With --index or --collect: tell no MLflow; the next command that has one does.")
    boolean offline;

    /** Whether a part is wanted, and not the whole. */
    boolean isAsked() {
        if (offline && !collect && index == null) {
            throw new UsageException("--offline goes with --index or --collect");
        }
        if ((count ? 1 : 0) + (index == null ? 0 : 1) + (collect ? 1 : 0) > 1) {
            throw new UsageException("--count, --index and --collect are parts of a run: one of them at a time");
        }
        return count || index != null || collect;
    }

    /** The option that asks for it. */
    String option() {
        return count ? "--count" : collect ? "--collect" : "--index";
    }

    /**
     * Does it.
     *
     * @param register name of the registered model that a run's model becomes a version of; null for none
     * @return the exit code
     */
    int call(ExperimentOptions options, Stale stale, String register) {
        Experiment experiment = options.single(option());
        if (count) {
            System.out.println(ExperimentRunner.indices(experiment));
            return 0;
        }
        return collect ? collect(experiment, stale) : runIndices(experiment, stale, register);
    }

    private int runIndices(Experiment experiment, Stale stale, String register) {
        Matcher indices = INDICES.matcher(index);
        if (!indices.matches()) {
            throw new UsageException("--index is '" + index + "'; it is a whole number from 0, or two of them: 4-7");
        }
        int first = Integer.parseInt(indices.group(1));
        int last = indices.group(2) == null ? first : Integer.parseInt(indices.group(2));
        if (last < first) {
            throw new UsageException("--index is " + index + "; the second number must not be below the first");
        }
        boolean allDone = true;
        try (Tracker tracker = offline ? silent() : tracker()) {
            for (int each : IntStream.rangeClosed(first, last).toArray()) {
                try (RunProgress progress = new RunProgress(1, 1)) {
                    ExperimentRunner runner = new ExperimentRunner(tracker, LabHome.resolve("results"), progress);
                    List<RunRow> rows =
                            (register == null ? runner : runner.register(register)).runIndex(experiment, each, stale);
                    allDone &= rows.stream().allMatch(RunRow::hasResult);
                }
            }
        }
        return allDone ? 0 : 1;
    }

    private int collect(Experiment experiment, Stale stale) {
        return collect(experiment, stale, offline);
    }

    /** Reports what is there; tells the exit code. */
    static int collect(Experiment experiment, Stale stale, boolean offline) {
        Path results = LabHome.resolve("results");
        ExperimentRunner.Outcome outcome;
        try (Tracker tracker = offline ? silent() : Tracker.open();
                RunProgress progress = new RunProgress(1, 1)) {
            outcome = new ExperimentRunner(tracker, results, progress)
                    .collect(experiment, stale, "lab run " + experiment.name() + " --collect");
        }
        RunIds.complete(results);
        RunPreview.print(outcome);
        return outcome.failed() == 0 ? 0 : 1;
    }

    private static Tracker silent() {
        return Tracker.silent(System.getenv(), LabHome.root(), System.err::println);
    }

    private static Tracker tracker() {
        return Tracker.ofOneAmongMany(System.getenv(), LabHome.root(), System.err::println);
    }
}
