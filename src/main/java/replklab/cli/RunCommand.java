package replklab.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.conv.DepthwisePlan;
import replklab.conv.DepthwisePlanner;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.ExperimentSpec;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.experiment.RunIds;
import replklab.experiment.RunPlan;
import replklab.experiment.Stale;
import replklab.report.ReportWriter;
import replklab.table.TextTable;
import replklab.tracking.LoggedModel;
import replklab.tracking.Tracker;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code ./lab run}: runs experiments, logs them to MLflow, writes the results. */
@Command(
        name = "run",
        description = "Runs experiments (all by default), logs to MLflow, writes results/PROFILE/EXPERIMENT/.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What an earlier call finished with the same configuration is not run again; what it left",
            "unfinished goes on from its checkpoint. Ctrl-C keeps everything computed so far."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "EXPERIMENT",
            description = "Names of files in experiments/; or paths of YAML files, such as a run's experiment.yaml.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--profile",
            paramLabel = "P",
            description = "smoke (seconds), quick (minutes, the default) or full (what is committed).")
    String profile;

    @Mixin
    private ClassPathOption classPath;

    @Option(names = "--seeds", paramLabel = "N", description = "Number of seeds, instead of the profile's.")
    Integer seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "N",
            description =
                    "The first of them, instead of the profile's: to try settings on seeds that are not reported.")
    Long firstSeed;

    @Option(names = "--fresh", description = "Run again what is finished already.")
    boolean fresh;

    @Option(
            names = "--keep",
            description = "Count finished runs that were made by another version of the library, or on other data.")
    boolean keep;

    @Option(
            names = "--replace",
            description = "Run again what does not match, also in full, and put it in the place of what is there.")
    boolean replace;

    @Option(
            names = "--register",
            paramLabel = "NAME",
            description =
                    "Make each run's model a version of this registered model in MLflow, which is made if missing.")
    String register;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "Compute depthwise convolutions as a run's depthwise-plan.txt says, so that the run repeats"
                    + " to the last bit; with --fresh.")
    Path plan;

    @Override
    public Integer call() {
        if (keep && (fresh || replace)) {
            throw new UsageException(
                    "--keep goes with neither --fresh nor --replace: they run again what it would keep");
        }
        List<Experiment> experiments = (names.isEmpty() ? Experiments.names() : names)
                .stream()
                        .map(name -> load(name, profile == null ? null : Profile.of(profile)))
                        .toList();
        if (register != null) {
            LoggedModel.requireRegistrable(register);
        }
        if (plan != null) {
            DepthwisePlanner.current().replay(readPlan());
        }
        int failed = 0;
        try (Tracker tracker = Tracker.open()) {
            tracker.sendKept(LabHome.resolve("results"));
            RunIds.complete(LabHome.resolve("results"));
            tellPlan(experiments);
            for (int i = 0; i < experiments.size(); i++) {
                Experiment experiment = experiments.get(i);
                ExperimentRunner.Outcome outcome;
                try (RunProgress progress = new RunProgress(i + 1, experiments.size())) {
                    ExperimentRunner runner = new ExperimentRunner(tracker, LabHome.resolve("results"), progress);
                    outcome = (register == null ? runner : runner.register(register))
                            .run(experiment, reuse(), "lab run " + experiment.name());
                }
                print(outcome);
                failed += outcome.failed();
            }
        }
        RunIds.complete(LabHome.resolve("results")); // closing the tracker may have brought the last ones
        return failed == 0 ? 0 : 1;
    }

    private ExperimentRunner.Reuse reuse() {
        return new ExperimentRunner.Reuse(fresh, keep ? Stale.KEEP : replace ? Stale.REPLACE : Stale.ASK);
    }

    /** What is to come, where it is more than one experiment: runs, those that are done, and the time that the files state. */
    private void tellPlan(List<Experiment> experiments) {
        if (experiments.size() == 1) {
            return;
        }
        StringColumn name = StringColumn.create("experiment");
        IntColumn runs = IntColumn.create("runs");
        IntColumn done = IntColumn.create("done");
        StringColumn costs = StringColumn.create("all take, by the file");
        for (Experiment experiment : experiments) {
            name.append(experiment.name());
            runs.append(RunPlan.of(experiment.spec()).size());
            done.append(fresh ? 0 : ExperimentRunner.done(LabHome.resolve("results"), experiment));
            costs.append(Experiments.statedCosts(experiment.name(), experiment.profile()));
        }
        Table table = Table.create("plan", name, runs, done, costs);
        System.err.println(TextTable.in(Terminal.charset(), TextTable.of(table, Terminal.width())));
    }

    private DepthwisePlan readPlan() {
        try {
            return DepthwisePlan.parse(Files.readString(plan), plan.toString());
        } catch (IOException e) {
            throw new LabException("cannot read the plan " + plan + ": " + e.getMessage(), e);
        }
    }

    private Experiment load(String name, Profile wanted) {
        if (seeds != null && seeds < 1) {
            throw new UsageException("--seeds is " + seeds + "; it must be at least 1 (2 for intervals)");
        }
        if (firstSeed != null) {
            UsageException.requireAtLeast("--first-seed", firstSeed, 1);
        }
        Experiment experiment = isPath(name)
                ? Experiments.loadFile(Path.of(name), wanted, classPath.places())
                : Experiments.load(name, wanted == null ? Profile.QUICK : wanted);
        ExperimentSpec spec = experiment.spec();
        return experiment.withSeeds(
                seeds == null ? spec.seeds() : seeds, firstSeed == null ? spec.firstSeed() : firstSeed);
    }

    private static boolean isPath(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.contains("/") || name.contains(File.separator);
    }

    private static void print(ExperimentRunner.Outcome outcome) {
        String text = ReportWriter.terminal(outcome.report(), Terminal.width());
        System.out.println(TextTable.in(Terminal.charset(), text));
        System.out.println("Report  " + LabHome.root().relativize(outcome.page()));
        System.out.println("MLflow  " + outcome.trackerPage() + "  (./lab mlflow opens the page again)");
        if (outcome.failed() > 0) {
            System.out.println(outcome.failed() + " runs did not finish; the same command tries them again.");
        }
    }
}
