package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import replklab.base.Digests;
import replklab.base.LabHome;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.stats.Metric;
import replklab.stats.RunRow;

/**
 * An experiment ready to run: what its file says, in one profile.
 *
 * @param name of the file without its ending, and of the MLflow experiment
 * @param profile how much work
 * @param spec what to do
 * @param yaml the resolved configuration as YAML, whose hash stamps the results
 * @param file that it was read from, for messages; empty where it was none
 * @param place name of the folder below {@code results/} that its own folder lies in: the profile's, unless in {@code full} the
 *     seeds are not the file's, or the settings not those of what lies there
 * @param overrides settings of the file that the user has changed for once, such as {@code training.epochs=5}
 */
public record Experiment(
        String name,
        Profile profile,
        ExperimentSpec spec,
        String yaml,
        String file,
        String place,
        List<String> overrides) {
    /** The key of a logged configuration that names the experiment. */
    static final String NAME_KEY = "experiment";

    /** The key of a logged configuration that names the profile it came from. */
    static final String PROFILE_KEY = "profile";

    /** The folder below {@code results/} in which runs are repeated. */
    static final String RERUNS = "rerun";

    /** A name is a folder's, too: it must not lead out of the one that it is made in. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}");

    /** Of a folder's name that tells them. */
    private static final int LONGEST_CHANGES = 80;

    public Experiment {
        overrides = List.copyOf(overrides);
        if (!NAME.matcher(name).matches()) {
            throw new UsageException("an experiment cannot be called '" + Shown.of(name)
                    + "'; a name has up to 100 letters, digits, spaces and . _ -, and begins with a letter or digit");
        }
    }

    /** An experiment as its file has it. */
    public Experiment(String name, Profile profile, ExperimentSpec spec, String yaml) {
        this(name, profile, spec, yaml, "", profile.toString(), List.of());
    }

    /** The resolved configuration as a file that says everything: {@link Experiments#loadFile} gives this experiment back. */
    public String logged() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put(NAME_KEY, name);
        names.put(PROFILE_KEY, profile.toString());
        return Experiments.headed(names, yaml);
    }

    /** The metric that decides, which every finished run has. */
    public Metric metric() {
        return Reports.metrics(spec).getFirst();
    }

    /** The metrics that its trainings measure after each epoch, a stage of a run each; none where runs measure. */
    public List<Metric> learned() {
        return spec.isMeasured() ? List.of() : Reports.learned(spec);
    }

    /** The folder of its results. */
    public Path folder(Path results) {
        return results.resolve(place).resolve(name);
    }

    /** The folder in which one of its runs keeps its log and its weights. */
    public Path folder(Path results, RunRow run) {
        return Sweep.runs(results, this).resolve(new RunPlan(run.variant(), run.seed()).folder());
    }

    /** Whether its results are those that stand in {@code results/PROFILE/}. */
    public boolean isOfficial() {
        return place.equals(profile.toString());
    }

    /**
     * The same experiment with other seeds. In {@code full}, seeds that are not the file's get a folder of their own, so that
     * what is committed stays.
     *
     * @param seeds number of seeds
     * @param first the first of them
     */
    public Experiment withSeeds(int seeds, long first) {
        boolean same = seeds == spec.seeds() && first == spec.firstSeed();
        String elsewhere =
                profile == Profile.FULL && !same ? "%s-seeds-%d-%d".formatted(place, first, first + seeds - 1) : place;
        return new Experiment(
                name,
                profile,
                spec.withSeeds(seeds, first),
                Experiments.withSeeds(yaml, seeds, first),
                file,
                elsewhere,
                overrides);
    }

    /** The folder below {@code results/} in which pilots lie. */
    static final String PILOTS = "pilot";

    /** The first seed that pilots have by themselves, far from those of confirmations. */
    static final long PILOT_SEED = 100_001;

    /** How many seeds a pilot has by itself: enough to tell a spread by. */
    static final int PILOT_SEEDS = 4;

    /**
     * The same experiment as a pilot, to choose a design by: evaluated on images that are held out from training, where there are such;
     * its results lie in a folder of their own and confirm nothing.
     *
     * @param seeds number of seeds; null for 4
     * @param first the first of them; null for 100001
     */
    public Experiment pilot(Integer seeds, Long first) {
        String unseen = Experiments.onValidation(yaml);
        Experiment pilot = new Experiment(
                name, profile, Experiments.parse(name, unseen, profile).spec(), unseen, file, place, overrides);
        return pilot.withSeeds(seeds == null ? PILOT_SEEDS : seeds, first == null ? PILOT_SEED : first)
                .at(PILOTS + place.substring(profile.toString().length()));
    }

    /**
     * The same variants, each with every combination of some settings, evaluated on images that are held out; nothing is claimed of them.
     *
     * @param settings values by setting
     */
    Experiment withSettings(Map<String, List<JsonNode>> settings, int seeds, long first) {
        String unseen =
                Experiments.onValidation(Experiments.withSettings(Experiments.withSeeds(yaml, seeds, first), settings));
        return new Experiment(
                name,
                profile,
                Experiments.parse(name, unseen, profile).spec(),
                unseen,
                file,
                SettingSearch.SEARCHES + place.substring(profile.toString().length()),
                overrides);
    }

    /** Whether it is a pilot. */
    public boolean isPilot() {
        return place.startsWith(PILOTS);
    }

    /** One run of this experiment alone, repeated in a folder of its own; without effects, which compare several. */
    Experiment again(RunPlan plan, String runId) {
        ExperimentSpec one = new ExperimentSpec(
                spec.title(),
                spec.question(),
                spec.scale(),
                spec.paper(),
                spec.classPath(),
                spec.data(),
                spec.model(),
                spec.training(),
                spec.finetune(),
                spec.measure(),
                spec.evaluate(),
                spec.metrics(),
                spec.metric(),
                spec.variants(),
                List.of(plan.variant()),
                spec.search(),
                List.of(),
                1,
                plan.seed());
        return new Experiment(name, profile, one, Experiments.ofRun(yaml, plan), file, RERUNS + "/" + runId, overrides);
    }

    /** MLflow's id of the run that this repeats; empty for an experiment as such. */
    Optional<String> rerunOf() {
        return place.startsWith(RERUNS + "/") ? Optional.of(place.substring(RERUNS.length() + 1)) : Optional.empty();
    }

    /** The same experiment, whose settings were changed for once: its results get a folder of their own in every profile. */
    Experiment overridden(List<String> settings) {
        String changes = String.join(",", settings).replaceAll("[^\\p{L}\\p{N}.,=+-]", "_");
        String shown = changes.length() <= LONGEST_CHANGES
                ? changes
                : changes.substring(0, LONGEST_CHANGES) + "-"
                        + Digests.of(changes).substring(0, 8);
        return new Experiment(name, profile, spec, yaml, file, place + "-set-" + shown, settings);
    }

    /** The same experiment with its results in another folder. */
    Experiment at(String folder) {
        return new Experiment(name, profile, spec, yaml, file, folder, overrides);
    }

    /** What runs it: by its name where the checkout has it, else by its file. */
    String command() {
        boolean own = file.isEmpty() || Files.exists(LabHome.resolve("experiments", name + ".yaml"));
        return "./lab run " + (own ? name : file) + " --profile " + profile
                + overrides.stream().map(each -> " --set " + quoted(each)).collect(Collectors.joining());
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w.,:=/+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /** The same experiment, as one that a file holds. */
    Experiment from(String shown) {
        return new Experiment(name, profile, spec, yaml, shown, place, overrides);
    }

    /** An error of this experiment, with the file that must be changed. */
    UsageException located(UsageException error) {
        return file.isEmpty() ? error : new UsageException(file + ": " + error.getMessage());
    }
}
