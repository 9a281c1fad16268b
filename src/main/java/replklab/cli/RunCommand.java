package replklab.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.GitState;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.conv.DepthwisePlan;
import replklab.conv.DepthwisePlanner;
import replklab.experiment.Confirmation;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentRunner;
import replklab.experiment.ExperimentSpec;
import replklab.experiment.Experiments;
import replklab.experiment.Forecast;
import replklab.experiment.Profile;
import replklab.experiment.RunIds;
import replklab.experiment.Stale;
import replklab.report.ExperimentReport;
import replklab.report.ReportWriter;
import replklab.report.ResultsPage;
import replklab.table.TextTable;
import replklab.tracking.LoggedModel;
import replklab.tracking.Tracker;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code ./lab run}: runs experiments, logs them to MLflow, writes the results. */
@Command(
        name = "run",
        description = "Runs experiments, logs to MLflow, writes results/PROFILE/EXPERIMENT/.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What an earlier call finished with the same configuration is not run again; what it left "
                    + "unfinished goes on from its checkpoint. Ctrl-C keeps everything computed so far."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "EXPERIMENT",
            completionCandidates = CompletionCommand.ExperimentNames.class,
            description =
                    "Names of files in experiments/ (./lab list shows them); or paths of YAML files, such as a run's"
                            + " experiment.yaml.")
    List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Run every experiment in experiments/.")
    boolean all;

    @Option(names = "--dry-run", description = "Print how many runs, how much time and disk, and run nothing.")
    boolean dryRun;

    @Option(
            names = "--profile",
            paramLabel = "P",
            completionCandidates = CompletionCommand.ProfileNames.class,
            description = "smoke (seconds), quick (minutes, the default) or full (what is committed).")
    String profile;

    @Mixin
    private ClassPathOption classPath;

    @Mixin
    private DeviceOption device;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Change a setting for once, such as training.epochs=5; may be repeated. The results get a folder"
                            + " of their own.")
    List<String> overrides = new ArrayList<>();

    @Option(
            names = "--pilot",
            description =
                    "Try a design: profile full on seeds of its own (4, from 100001), into results/pilot/; says how many"
                            + " seeds a confirmation needs.")
    boolean pilot;

    @Option(
            names = "--confirm",
            description =
                    "Put the claim to the test: profile full by the committed file, on seeds that nobody has seen; enters"
                            + " itself into results/ledger.csv, also if it is given up.")
    boolean confirm;

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
        if (all && !names.isEmpty()) {
            throw new UsageException("--all runs every experiment; leave the names out, or --all");
        }
        if (confirm) {
            requireConfirmable();
        }
        if ((confirm || pilot) && profile == null) {
            profile = Profile.FULL.toString();
        }
        if (names.isEmpty() && !overrides.isEmpty()) {
            throw new UsageException("--set changes the settings of experiments that are named");
        }
        List<Experiment> experiments = (names.isEmpty() ? Experiments.names() : names)
                .stream()
                        .map(name -> load(name, profile == null ? null : Profile.of(profile)))
                        .toList();
        device.use(experiments);
        if (dryRun) {
            System.out.println(TextTable.in(Terminal.charset(), plan(experiments)));
            return 0;
        }
        if (names.isEmpty() && !all) {
            System.err.println(TextTable.in(Terminal.charset(), plan(experiments)));
            throw new UsageException("say which of these to run, or --all");
        }
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
                            .run(experiment, reuse(), source(experiment));
                    if (outcome.failed() == 0) {
                        confirmation.ifPresent(begun -> end(begun, outcome.report()));
                    }
                }
                print(outcome);
                if (pilot) {
                    Confirmation.advice(
                                    experiment, outcome.report(), Math.max(1, Confirmation.together(experiment.name())))
                            .ifPresent(advice -> System.out.println(TextTable.wrap(advice, Terminal.width())));
                }
                failed += outcome.failed();
            }
        }
        RunIds.complete(LabHome.resolve("results")); // closing the tracker may have brought the last ones
        return failed == 0 ? 0 : 1;
    }

    /** What would make it another experiment than the committed one. */
    private void requireConfirmable() {
        if (!overrides.isEmpty() || seeds != null || firstSeed != null || keep || fresh) {
            throw new UsageException(
                    "--confirm goes by the committed file alone; leave --set, --seeds, --first-seed, --keep and --fresh out");
        }
        if (pilot) {
            throw new UsageException("--pilot tries a design, --confirm holds it to the test; one of them at a time");
        }
        if (profile != null && Profile.of(profile) != Profile.FULL) {
            throw new UsageException("--confirm runs the profile full, not " + profile);
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
                + overrides.stream().map(each -> " --set " + each).collect(Collectors.joining())
                + device.words();
    }

    private ExperimentRunner.Reuse reuse() {
        return new ExperimentRunner.Reuse(fresh, keep ? Stale.KEEP : replace || confirm ? Stale.REPLACE : Stale.ASK);
    }

    private void tellPlan(List<Experiment> experiments) {
        if (experiments.size() > 1) {
            System.err.println(TextTable.in(Terminal.charset(), plan(experiments)));
        }
    }

    /** What is to come: runs, those that are done, and what the others take. */
    private String plan(List<Experiment> experiments) {
        StringColumn name = StringColumn.create("experiment");
        IntColumn runs = IntColumn.create("runs");
        IntColumn done = IntColumn.create("done");
        StringColumn time = StringColumn.create("time");
        StringColumn disk = StringColumn.create("disk");
        for (Experiment experiment : experiments) {
            Forecast forecast = Forecast.of(LabHome.resolve("results"), experiment, fresh);
            boolean isDone = forecast.done() == forecast.runs();
            name.append(experiment.name());
            runs.append(forecast.runs());
            done.append(forecast.done());
            time.append(isDone ? "none" : time(experiment, forecast));
            disk.append(
                    isDone || forecast.bytes().isEmpty()
                            ? ""
                            : "%.0f MB".formatted(Math.ceil(forecast.bytes().getAsLong() / 1e6)));
        }
        return TextTable.of(Table.create("plan", name, runs, done, time, disk), Terminal.width());
    }

    /** By runs that were reported, else what the file says of all of them. */
    private static String time(Experiment experiment, Forecast forecast) {
        if (forecast.time().isPresent()) {
            return Provenance.words(forecast.time().get()) + ", by the last ones' times";
        }
        String stated = Experiments.statedCosts(experiment.name(), experiment.profile());
        return stated.isEmpty() ? "" : stated + " for all, by the file";
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
                ? Experiments.loadFile(Path.of(name), wanted, classPath.places(), overrides)
                : Experiments.load(name, wanted == null ? Profile.QUICK : wanted, overrides);
        if (pilot) {
            return experiment.pilot(seeds, firstSeed);
        }
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
        if (!outcome.report().provenance().profile().equals(ResultsPage.PROFILE)) {
            ResultsPage.inFull(LabHome.resolve("results"), outcome.report().experiment())
                    .ifPresent(known -> System.out.println(
                            TextTable.in(Terminal.charset(), TextTable.wrap(known, Terminal.width()))));
        }
        Path page = LabHome.root().relativize(outcome.page());
        System.out.println("Report  " + page.resolveSibling(ReportWriter.HTML) + ", " + page);
        System.out.println("MLflow  " + outcome.trackerPage() + "  (./lab mlflow opens the page again)");
        if (outcome.failed() > 0) {
            System.out.println(outcome.failed() + " runs did not finish; the same command tries them again.");
        }
    }
}
