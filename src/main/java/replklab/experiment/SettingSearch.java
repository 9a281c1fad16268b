package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import replklab.base.UsageException;
import replklab.report.ExperimentReport;
import replklab.stats.Metric;
import replklab.stats.RunRow;

/** Tries the same settings of the training with every variant of an experiment, and says which was best for each. */
public final class SettingSearch {
    /** The folder below {@code results/} in which searches lie. */
    static final String SEARCHES = "search";

    /** The first seed of searches, which neither pilots nor confirmations have. */
    static final long FIRST_SEED = 200_001;

    /** How many seeds a search has by itself. */
    static final int SEEDS = 2;

    private final Experiment experiment;
    private final List<Map<String, JsonNode>> points;

    /**
     * @param experiment in {@code full}
     * @throws UsageException if its file does not say what to try
     */
    public SettingSearch(Experiment experiment) {
        SearchSpec search = experiment.spec().search();
        if (search == null) {
            throw new UsageException(
                    experiment.name()
                            + " has no search; say what all its variants try, such as search: {settings: {training.learningRate: [0.05, 0.1, 0.2]}}");
        }
        this.experiment = experiment;
        this.points = ExperimentSpec.combined(search.settings());
    }

    /**
     * The search as an experiment, whose runs are those of every variant with every setting, evaluated on images that are held out.
     *
     * @param seeds number of seeds; null for 2
     * @param first the first of them; null for 200001
     */
    public Experiment runs(Integer seeds, Long first) {
        return experiment.withSettings(
                experiment.spec().search().settings(),
                seeds == null ? SEEDS : seeds,
                first == null ? FIRST_SEED : first);
    }

    /** By what the best is told: the metric that decides if trainings measure it, else their first, such as the accuracy. */
    Metric metric() {
        List<Metric> learned = experiment.learned();
        return learned.contains(experiment.metric()) ? experiment.metric() : learned.getFirst();
    }

    /**
     * What was found, as the lines of {@code search.chosen} for the file, with all means that were compared.
     *
     * @param report of {@link #runs}
     * @throws UsageException if a run did not finish
     */
    public String found(ExperimentReport report) {
        StringBuilder lines = new StringBuilder("The best of %s by %s, for search.chosen in the file:\n"
                .formatted(
                        points.stream().map(SettingSearch::text).collect(Collectors.joining("; ")),
                        report.metric(metric().key()).label()));
        List<String> atEdge = new ArrayList<>();
        for (Map<String, String> variant : experiment.spec().combinations()) {
            List<Double> means = points.stream()
                    .map(point -> mean(report.runs(), variant, point)
                            .orElseThrow(
                                    () -> new UsageException("%s with %s has not finished; the same command goes on"
                                            .formatted(variant, text(point)))))
                    .toList();
            int best = 0;
            for (int i = 1; i < means.size(); i++) {
                best = means.get(i) > means.get(best) ? i : best;
            }
            lines.append("    - {of: %s, set: {%s}}  # %s\n"
                    .formatted(
                            levels(variant),
                            text(points.get(best)),
                            means.stream()
                                    .map(mean -> String.format(Locale.ROOT, "%." + metric().decimals() + "f", mean))
                                    .collect(Collectors.joining(", "))));
            points.get(best).forEach((setting, value) -> {
                List<JsonNode> tried = experiment.spec().search().settings().get(setting);
                if (value.isNumber() && (value.equals(tried.getFirst()) || value.equals(tried.getLast()))) {
                    atEdge.add("%s %s of %s".formatted(setting, value.asText(), variant));
                }
            });
        }
        if (!atEdge.isEmpty()) {
            lines.append("At the edge of what was tried, so that more may be better: %s\n"
                    .formatted(String.join("; ", atEdge)));
        }
        return lines.toString();
    }

    private OptionalDouble mean(List<RunRow> runs, Map<String, String> variant, Map<String, JsonNode> point) {
        List<RunRow> own = runs.stream()
                .filter(run -> ExperimentSpec.has(run.variant(), variant)
                        && point.entrySet().stream()
                                .allMatch(set -> set.getValue()
                                        .asText()
                                        .equals(run.variant().get(set.getKey()))))
                .toList();
        boolean all = own.stream().allMatch(run -> run.metrics().containsKey(metric().key()));
        return all
                ? own.stream()
                        .mapToDouble(run -> run.metrics().get(metric().key()))
                        .average()
                : OptionalDouble.empty();
    }

    private static String levels(Map<String, String> variant) {
        return variant.entrySet().stream()
                .map(level -> level.getKey() + ": " + level.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String text(Map<String, JsonNode> point) {
        return point.entrySet().stream()
                .map(set -> set.getKey() + ": " + set.getValue())
                .collect(Collectors.joining(", "));
    }
}
