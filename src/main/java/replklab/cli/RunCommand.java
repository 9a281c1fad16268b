package replklab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import replklab.base.GitState;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.conv.DepthwisePlan;
import replklab.conv.DepthwisePlanner;
import replklab.experiment.Confirmation;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.experiment.RunIds;
import replklab.experiment.Stale;
import replklab.report.ExperimentReport;
import replklab.report.ResultsPage;
import replklab.table.TextTable;
import replklab.tracking.LoggedModel;
import replklab.tracking.Tracker;

/** {@code ./lab run}: runs experiments, logs them to MLflow, writes the results. */
@Command(
        name = "run",
        description = "Runs experiments, logs to MLflow, writes results/PROFILE/EXPERIMENT/.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What an earlier call finished with the same configuration is not run again; what it left "
                    + "unfinished goes on from its checkpoint. Ctrl-C keeps everything computed so far.",
            "",
            "--count, --index and --collect are the parts of it, for processes on any number of machines that share the "
                    + "folder: docs/cluster.md; ./lab sweep starts them."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options;

    @Option(names = "--all", description = "Run every experiment in experiments/.")
    boolean all;

    @Option(names = "--dry-run", description = "Print how many runs, how much time and disk, and run nothing.")
    boolean dryRun;

    @Mixin
    private PartOptions part;

    @Option(
            names = "--confirm",
            description =
                    "Put the claim to the test: profile full by the committed file, on seeds that nobody has seen; enters"
                            + " itself into results/ledger.csv, also if it is given up.")
    boolean confirm;

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
        if (all && !options.names.isEmpty()) {
            throw new UsageException("--all runs every experiment; leave the names out, or --all");
        }
        if (options.search && options.pilot) {
            throw new UsageException("--search finds the settings that --pilot tries; one of them at a time");
        }
        if (confirm) {
            requireConfirmable();
        }
        if (options.names.isEmpty() && !options.overrides.isEmpty()) {
            throw new UsageException("--set changes the settings of experiments that are named");
        }
        if (part.isAsked()) {
            if (all || confirm || fresh || dryRun) {
                throw new UsageException(part.option() + " goes with neither --all, --confirm, --fresh nor --dry-run");
            }
            options.device.use(options.load(options.names, null));
            replay();
            return part.call(options, stale(), register);
        }
        List<Experiment> experiments = options.load(
                options.names.isEmpty() ? Experiments.names() : options.names, confirm ? Profile.FULL : null);
        options.device.use(experiments);
        if (dryRun) {
            System.out.println(TextTable.in(Terminal.charset(), RunPreview.of(experiments, fresh)));
            return 0;
        }
        if (options.names.isEmpty() && !all) {
            System.err.println(TextTable.in(Terminal.charset(), RunPreview.of(experiments, fresh)));
            throw new UsageException("say which of these to run, or --all");
        }
        if (register != null) {
            LoggedModel.requireRegistrable(register);
        }
        replay();
        int failed = 0;
        try (Tracker tracker = Tracker.open()) {
            tracker.sendKept(LabHome.resolve("results"));
            RunIds.complete(LabHome.resolve("results"));
            tellPlan(experiments);
            for (int i = 0; i < experiments.size(); i++) {
                Experiment experiment = experiments.get(i);
                ExperimentRunner.Outcome outcome;
                try (RunProgress progress = new RunProgress(i + 1, experiments.size())) {
                    Optional<Confirmation> confirmation = confirm
                            ? Optional.of(Confirmation.begin(
                                    LabHome.resolve("results"),
                                    experiment,
                                    Confirmation.together(experiment.name()),
                                    GitState.of(LabHome.root()),
                                    LocalDate.now(ZoneOffset.UTC)))
                            : Optional.empty();
                    ExperimentRunner runner = new ExperimentRunner(tracker, LabHome.resolve("results"), progress);
                    outcome = (register == null ? runner : runner.register(register))
                            .run(experiment, new ExperimentRunner.Reuse(fresh, stale()), source(experiment));
                    if (outcome.failed() == 0) {
                        confirmation.ifPresent(begun -> end(begun, outcome.report()));
                    }
                }
                RunPreview.print(outcome);
                if (options.pilot) {
                    Confirmation.advice(
                                    experiment, outcome.report(), Math.max(1, Confirmation.together(experiment.name())))
                            .ifPresent(advice -> System.out.println(TextTable.wrap(advice, Terminal.width())));
                }
                if (options.search && outcome.failed() == 0) {
                    String name = options.names.isEmpty() ? experiment.name() : options.names.get(i);
                    System.out.println(options.search(name).found(outcome.report()));
                }
                failed += outcome.failed();
            }
        }
        RunIds.complete(LabHome.resolve("results")); // closing the tracker may have brought the last ones
        return failed == 0 ? 0 : 1;
    }

    /** What would make it another experiment than the committed one. */
    private void requireConfirmable() {
        if (!options.overrides.isEmpty() || options.seeds != null || options.firstSeed != null || keep || fresh) {
            throw new UsageException(
                    "--confirm goes by the committed file alone; leave --set, --seeds, --first-seed, --keep and --fresh out");
        }
        if (options.pilot || options.search) {
            throw new UsageException(
                    "--search and --pilot try a design, --confirm holds it to the test; one of them at a time");
        }
        if (options.profile != null && Profile.of(options.profile) != Profile.FULL) {
            throw new UsageException("--confirm runs the profile full, not " + options.profile);
        }
    }

    private static void end(Confirmation begun, ExperimentReport report) {
        report.effects().stream()
                .filter(effect -> effect.hypothesis().isPrimary())
                .findFirst()
                .ifPresent(effect -> begun.end(effect.alone().toString(), LocalDate.now(ZoneOffset.UTC)));
        ResultsPage.write(LabHome.resolve("results")); // which prints the ledger
    }

    private String source(Experiment experiment) {
        return "lab run " + experiment.name()
                + options.overrides.stream().map(each -> " --set " + each).collect(Collectors.joining())
                + options.device.words();
    }

    private Stale stale() {
        return keep ? Stale.KEEP : replace || confirm ? Stale.REPLACE : Stale.ASK;
    }

    private void tellPlan(List<Experiment> experiments) {
        if (experiments.size() > 1
                || experiments.stream()
                        .anyMatch(each -> each.profile() == Profile.PAPER)) { // years should be announced
            System.err.println(TextTable.in(Terminal.charset(), RunPreview.of(experiments, fresh)));
        }
    }

    private void replay() {
        if (plan == null) {
            return;
        }
        try {
            DepthwisePlanner.current().replay(DepthwisePlan.parse(Files.readString(plan), plan.toString()));
        } catch (IOException e) {
            throw new LabException("cannot read the plan " + plan + ": " + e.getMessage(), e);
        }
    }
}
