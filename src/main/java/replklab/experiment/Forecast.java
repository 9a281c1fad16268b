package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import replklab.base.FileTree;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.nn.Initialisation;

/**
 * What an experiment's runs would take that are not done yet.
 *
 * @param runs all of them
 * @param done those that earlier calls finished and that would not be run again
 * @param time of the others, if runs of it were reported in this place; they may come from a faster machine
 * @param bytes of the others' files, the tracker's copies included, as far as that is known
 */
public record Forecast(int runs, int done, Optional<Duration> time, OptionalLong bytes) {
    /** What a run writes besides weights: its log, pictures, predictions, the card of its model. */
    private static final long OTHER_FILES = 400_000;

    /** Weights of a run in float32: a result, an artifact and an ONNX file; and the tracker's copies of the latter two. */
    private static final long BYTES_A_PARAMETER = 5L * Float.BYTES;

    /** The tracker keeps a copy of most. */
    private static final int COPIES = 2;

    /**
     * Of an experiment.
     *
     * @param results the folder of all results
     * @param fresh whether what is done would be run again
     */
    public static Forecast of(Path results, Experiment experiment, boolean fresh) {
        int runs = RunPlan.of(experiment.spec()).size();
        int done = fresh ? 0 : ExperimentRunner.done(results, experiment);
        int left = runs - done;
        OptionalDouble seconds =
                ReportedRuns.in(experiment.folder(results), experiment.name(), experiment.profile()).stream()
                        .filter(run -> run.counts(ReportedRuns.SECONDS))
                        .mapToDouble(run -> run.metrics().get(ReportedRuns.SECONDS))
                        .average();
        Optional<Duration> time = seconds.isPresent()
                ? Optional.of(Duration.ofMillis(Math.round(1e3 * left * seconds.getAsDouble())))
                : Optional.empty();
        OptionalLong each = bytesOfARun(results, experiment);
        return new Forecast(
                runs, done, time, each.isPresent() ? OptionalLong.of(left * each.getAsLong()) : OptionalLong.empty());
    }

    /** As much as runs that lie there, or by the number of parameters; empty for a network that only its own class knows. */
    private static OptionalLong bytesOfARun(Path results, Experiment experiment) {
        Path folder = Sweep.runs(results, experiment);
        int there = (int) RunPlan.of(experiment.spec()).stream()
                .filter(plan -> Files.isDirectory(folder.resolve(plan.folder())))
                .count();
        if (there > 0) {
            return OptionalLong.of(COPIES * bytes(folder) / there);
        }
        if (experiment.spec().isMeasured()) {
            return OptionalLong.of(COPIES * OTHER_FILES / 10);
        }
        try {
            double mean = VariantNetwork.of(experiment).stream()
                    .mapToLong(variant -> parameters(variant.architecture()))
                    .average()
                    .orElse(0);
            return OptionalLong.of(Math.round(mean) * BYTES_A_PARAMETER + COPIES * OTHER_FILES);
        } catch (UsageException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * What all runs of the paper's schedule would take on this machine, in words; empty for other profiles, whose files say it.
     *
     * @throws LabException if its data are not there
     */
    public static Optional<String> ofSchedule(Experiment experiment) {
        boolean estimated =
                experiment.profile() == Profile.PAPER && !experiment.spec().isMeasured();
        return estimated ? Optional.of(ScheduleEstimate.of(experiment).words()) : Optional.empty();
    }

    private static long parameters(String architecture) {
        return Architecture.parse(architecture)
                .network(KernelForm.TRAINING, Initialisation.undefined())
                .parameterCount();
    }

    private static long bytes(Path folder) {
        try {
            return FileTree.bytes(folder);
        } catch (IOException e) {
            throw new LabException("cannot look into " + folder + ": " + e.getMessage(), e);
        }
    }
}
