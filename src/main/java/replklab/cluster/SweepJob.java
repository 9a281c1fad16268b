package replklab.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.RunState;

/**
 * What a sweep has to do for one experiment.
 *
 * @param experiment at its place
 * @param arguments of {@code ./lab run} that name the experiment at its settings
 * @param results the folder {@code results/}
 * @param states where its runs stand
 * @param perTask how many indices a task has, which are side by side
 * @param offline whether tasks tell MLflow nothing, and leave that to the report
 */
public record SweepJob(
        Experiment experiment,
        List<String> arguments,
        Path results,
        List<RunState> states,
        int perTask,
        boolean offline) {
    public SweepJob {
        arguments = List.copyOf(arguments);
        states = List.copyOf(states);
    }

    /**
     * Looks at what is there.
     *
     * @param tasks what a task is to do
     * @param offline whether tasks tell MLflow nothing
     */
    public static SweepJob of(
            Path results, Experiment experiment, List<String> arguments, ClusterProfile.Tasks tasks, boolean offline) {
        List<RunState> states = RunState.of(results, experiment);
        int perTask = ExperimentRunner.indices(experiment) == 1 || tasks == ClusterProfile.Tasks.RUN
                ? 1
                : states.size() / experiment.spec().seeds();
        return new SweepJob(experiment, arguments, results, states, perTask, offline);
    }

    Path folder() {
        return SweepRecord.folder(results, experiment);
    }

    /** Numbers of the tasks of which something is not done. */
    public List<Integer> tasks() {
        TreeSet<Integer> tasks = new TreeSet<>();
        boolean single = ExperimentRunner.indices(experiment) == 1;
        for (RunState state : states) {
            if (!state.isDone()) {
                tasks.add(single ? 0 : state.index() / perTask);
            }
        }
        return new ArrayList<>(tasks);
    }

    /** What {@code ./lab run} is told besides for a task. */
    List<String> ofTask(int task) {
        int first = task * perTask;
        List<String> all = ofTasks();
        all.add(perTask == 1 ? String.valueOf(first) : first + "-" + (first + perTask - 1));
        return all;
    }

    /** The same for any task: its index, or the first and the last, comes behind it. */
    List<String> ofTasks() {
        return offline ? told("--offline", "--index") : told("--index");
    }

    /** What {@code ./lab run} is told, and more. */
    List<String> told(String... more) {
        List<String> all = new ArrayList<>(List.of("run"));
        all.addAll(arguments);
        all.addAll(List.of(more));
        return all;
    }
}
