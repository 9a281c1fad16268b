package replklab.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.Digests;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.stats.ComparedRun;
import replklab.stats.Metric;
import replklab.stats.RunComparison;
import replklab.tracking.RunQuery;
import replklab.tracking.RunTags;
import replklab.tracking.TrackedRun;

/** Reads runs back from MLflow to compare them, and those that came with the checkout where MLflow does not have them. */
public final class TrackedComparison {
    /** MLflow's own experiment, which holds nothing of ours. */
    private static final String DEFAULT = "Default";

    private static final Pattern LEVEL = Pattern.compile("(\\S+?)=(.*?)(?= \\S+=|$)");
    /** What decides a run besides variant and seed; what a run tells of itself, such as its parameters, does not. */
    private static final Pattern SETTING = Pattern.compile("(model|measure|data|training|finetune|evaluate)\\..*");

    private static final int DIGITS = 12;
    private static final int SETTINGS_DIGITS = 6;
    private static final int DECIMALS = 3;

    private TrackedComparison() {}

    /** The experiments that MLflow or the checkout has runs of, in alphabetical order. */
    public static List<String> experiments(RunQuery query) {
        return Stream.concat(tracked(query), ReportedRuns.experiments(full()).stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> tracked(RunQuery query) {
        return query.experiments().stream().filter(experiment -> !experiment.equals(DEFAULT));
    }

    /** Where the runs lie that came with the checkout. */
    private static Path full() {
        return LabHome.resolve("results", Profile.FULL.toString());
    }

    /**
     * The runs of some experiments that have a variant and a seed, oldest first; parents and what others logged are left out.
     *
     * @param experiments names; empty for all
     * @throws UsageException for an experiment that neither MLflow nor the checkout has runs of
     * @throws LabException if MLflow does not answer
     */
    public static RunComparison read(RunQuery query, List<String> experiments) {
        List<ComparedRun> runs = new ArrayList<>();
        for (String experiment : experiments.isEmpty() ? experiments(query) : experiments) {
            List<TrackedRun> tracked = runs(query, experiment);
            Set<String> ids = tracked.stream().map(TrackedRun::runId).collect(Collectors.toSet());
            ReportedRuns.in(full().resolve(experiment), experiment, Profile.FULL).stream()
                    .filter(run -> !ids.contains(run.runId()))
                    .forEach(runs::add);
            tracked.forEach(run -> runs.add(compared(run)));
        }
        return new RunComparison(runs);
    }

    /**
     * The runs of an experiment that have a variant, as MLflow has them; those that only repeat another are left out.
     *
     * @throws UsageException for an experiment that neither MLflow nor the checkout has runs of
     */
    public static List<TrackedRun> runs(RunQuery query, String experiment) {
        if (tracked(query).noneMatch(experiment::equals)) {
            List<String> known = experiments(query);
            if (!known.contains(experiment)) {
                throw UsageException.unknown("experiment", experiment, known);
            }
            return List.of();
        }
        return query.runs(experiment).stream()
                .filter(run -> run.variant().isPresent() && !run.tags().containsKey(RunTags.RERUN_OF))
                .toList();
    }

    /**
     * The metric that decides an experiment: as its file says, or what its runs have.
     *
     * @param experiments names of the compared experiments
     * @param key a metric's key, or null for the one that decides
     */
    public static Metric metric(RunComparison comparison, List<String> experiments, String key) {
        List<String> described = Files.isDirectory(LabHome.resolve("experiments")) ? Experiments.names() : List.of();
        for (String experiment : experiments) {
            if (described.contains(experiment)) {
                for (Metric metric : Reports.metrics(
                        Experiments.load(experiment, Profile.QUICK).spec())) {
                    if (key == null
                            ? comparison.metrics().contains(metric.key())
                            : metric.key().equals(key)) {
                        return metric;
                    }
                }
            }
        }
        if (key == null) {
            boolean accuracy = comparison.metrics().contains(Reports.ACCURACY.key())
                    || comparison.metrics().isEmpty();
            return accuracy ? Reports.ACCURACY : plain(comparison.metrics().getFirst());
        }
        return key.equals(Reports.ACCURACY.key()) ? Reports.ACCURACY : plain(key);
    }

    private static Metric plain(String key) {
        return new Metric(key, key.replace('_', ' '), "", DECIMALS);
    }

    private static ComparedRun compared(TrackedRun run) {
        String commit = run.tags().getOrDefault(RunTags.COMMIT, "");
        Map<String, String> variant = variant(run.variant().orElse(""));
        boolean dirty = Boolean.parseBoolean(run.tags().get(RunTags.DIRTY));
        return new ComparedRun(
                run.experiment(),
                run.tags().getOrDefault(RunTags.PROFILE, ""),
                commit.substring(0, Math.min(DIGITS, commit.length())) + (dirty ? "-dirty" : ""),
                settings(run.params(), variant),
                variant,
                run.seed().orElse(0L),
                RunTags.DIVERGED.equals(run.tags().get(RunTags.OUTCOME))
                        ? ComparedRun.DIVERGED
                        : run.status().toString(),
                run.metrics(),
                run.start(),
                run.runId());
    }

    /** {@code "shortcut=with kernel=13"} by factor; a text of another form is one level of {@code variant}. */
    static Map<String, String> variant(String label) {
        Map<String, String> variant = new LinkedHashMap<>();
        for (MatchResult level : LEVEL.matcher(label).results().toList()) {
            variant.put(level.group(1), level.group(2));
        }
        return variant.isEmpty() ? Map.of("variant", label) : variant;
    }

    /**
     * A hash that differs where a run's parameters say that it was configured otherwise, the values of its variant's levels among
     * them: two runs may call by one name what is not the same. Runs of earlier versions, which logged those values as {@code
     * model.kernel} beside the level as {@code kernel}, have the hash that they would have now.
     */
    static String settings(Map<String, String> params, Map<String, String> variant) {
        Map<String, String> settings = new TreeMap<>(params);
        settings.keySet().removeIf(key -> !SETTING.matcher(key).matches());
        if (settings.isEmpty()) {
            return "";
        }
        String options = settings.keySet().stream().anyMatch(key -> key.startsWith(RunConfig.MEASURE))
                ? RunConfig.MEASURE
                : RunConfig.MODEL;
        for (String factor : variant.keySet()) {
            if (params.containsKey(factor)) {
                settings.putIfAbsent(options + factor, params.get(factor));
            }
        }
        return Digests.of(settings.toString()).substring(0, SETTINGS_DIGITS);
    }
}
