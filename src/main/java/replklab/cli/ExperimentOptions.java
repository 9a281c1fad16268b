package replklab.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.UsageException;
import replklab.experiment.Experiment;
import replklab.experiment.ExperimentSpec;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.experiment.SettingSearch;

/** Which experiments, at which settings: what decides their runs. */
final class ExperimentOptions {
    @Parameters(
            arity = "0..*",
            paramLabel = "EXPERIMENT",
            completionCandidates = CompletionCommand.ExperimentNames.class,
            description =
                    "Names of files in experiments/ (./lab list shows them); or paths of YAML files, such as a run's"
                            + " experiment.yaml.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--profile",
            paramLabel = "P",
            completionCandidates = CompletionCommand.ProfileNames.class,
            description = "smoke (seconds), quick (minutes, the default) or full (what is committed).")
    String profile;

    @Mixin
    private ClassPathOption classPath;

    @Mixin
    DeviceOption device;

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
            names = "--search",
            description =
                    "Try what the file's search lists with every variant: profile full on seeds of its own (2, from 200001), into"
                            + " results/search/; says what was best for each.")
    boolean search;

    @Option(names = "--seeds", paramLabel = "N", description = "Number of seeds, instead of the profile's.")
    Integer seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "N",
            description =
                    "The first of them, instead of the profile's: to try settings on seeds that are not reported.")
    Long firstSeed;

    /**
     * The experiments that are named.
     *
     * @param usual the profile where none is named; null for the file's own
     */
    List<Experiment> load(List<String> which, Profile usual) {
        Profile wanted = profile != null ? Profile.of(profile) : pilot || search ? Profile.FULL : usual;
        return which.stream().map(name -> load(name, wanted)).toList();
    }

    /** The only experiment, for what is about one alone. */
    Experiment single(String option) {
        if (names.size() != 1) {
            throw new UsageException(option + " is about one experiment; "
                    + (names.isEmpty() ? "name it" : names.size() + " are named"));
        }
        return load(names, null).getFirst();
    }

    private Experiment load(String name, Profile wanted) {
        if (seeds != null && seeds < 1) {
            throw new UsageException("--seeds is " + seeds + "; it must be at least 1 (2 for intervals)");
        }
        if (firstSeed != null) {
            UsageException.requireAtLeast("--first-seed", firstSeed, 1);
        }
        if (search) {
            return search(name).runs(seeds, firstSeed);
        }
        Experiment experiment = read(name, wanted);
        if (pilot) {
            return experiment.pilot(seeds, firstSeed);
        }
        ExperimentSpec spec = experiment.spec();
        return experiment.withSeeds(
                seeds == null ? spec.seeds() : seeds, firstSeed == null ? spec.firstSeed() : firstSeed);
    }

    /** What a named experiment's variants all try. */
    SettingSearch search(String name) {
        return new SettingSearch(read(name, profile == null ? Profile.FULL : Profile.of(profile)));
    }

    private Experiment read(String name, Profile wanted) {
        return isPath(name)
                ? Experiments.loadFile(Path.of(name), wanted, classPath.places(), overrides)
                : Experiments.load(name, wanted == null ? Profile.QUICK : wanted, overrides);
    }

    private static boolean isPath(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.contains("/") || name.contains(File.separator);
    }

    /** What names an experiment at these settings on another command line, whatever folder that starts in. */
    List<String> arguments(String name) {
        List<String> arguments = new ArrayList<>();
        arguments.add(isPath(name) ? Path.of(name).toAbsolutePath().toString() : name);
        add(arguments, "--profile", profile);
        add(arguments, "--seeds", seeds);
        add(arguments, "--first-seed", firstSeed);
        overrides.forEach(each -> add(arguments, "--set", each));
        if (pilot) {
            arguments.add("--pilot");
        }
        if (search) {
            arguments.add("--search");
        }
        arguments.addAll(device.arguments());
        if (!classPath.places().isEmpty()) {
            add(
                    arguments,
                    "--class-path",
                    classPath.places().stream()
                            .map(place -> place.toAbsolutePath().toString())
                            .collect(Collectors.joining(File.pathSeparator)));
        }
        return arguments;
    }

    private static void add(List<String> arguments, String option, Object value) {
        if (value != null) {
            arguments.addAll(List.of(option, value.toString()));
        }
    }
}
