package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

/** What can only be known of an experiment as a whole. */
final class SpecCheck {
    private SpecCheck() {}

    /**
     * Throws unless every variant has a model or something to measure, and the hypotheses and the report can be made from what is varied.
     *
     * @throws UsageException naming what does not fit
     */
    static void check(ExperimentSpec spec) {
        List<Map<String, String>> variants = spec.combinations();
        spec.only().forEach(wanted -> checkOnly(wanted, spec));
        variants.forEach(variant -> check(spec.optionsOf(variant), spec));
        if (spec.search() != null) {
            spec.search().chosen().forEach(choice -> requireLevels("search.chosen", choice.of(), spec));
            spec.search().requireComplete(variants);
            spec.search().settings().keySet().stream()
                    .filter(spec.variants()::containsKey)
                    .findFirst()
                    .ifPresent(setting -> {
                        throw new UsageException("search.settings has " + setting
                                + ", which variants has, too; what is compared is not searched for");
                    });
        }
        if (!spec.isMeasured()) {
            variants.forEach(spec::trainingOf);
            variants.forEach(spec::trainExamplesOf);
        }
        Probes.of(spec).forEach(probe -> probe.check(spec));
        spec.hypotheses().forEach(each -> each.variants().forEach(variant -> check(each, variant, spec)));
        // What the report will ask of the paper's table, before hours of work rather than after.
        List<Metric> metrics = Reports.metrics(spec);
        spec.hypotheses().forEach(each -> checkMeasurable(each, metrics, spec));
        List<RunRow> rows = variants.stream()
                .map(variant -> new RunRow(variant, 1, RunEnd.KILLED, Map.of(), List.of(), 0, "", Provenance.UNKNOWN))
                .toList();
        Reports.comparisons(spec, rows);
    }

    /** What a hypothesis refuses to be made of is the file's error: words without their number, a difference of nothing. */
    private static void checkMeasurable(HypothesisSpec hypothesis, List<Metric> metrics, ExperimentSpec spec) {
        try {
            hypothesis.measure(List.of(), metrics, spec.inPaper());
        } catch (IllegalArgumentException e) {
            String whose = "hypothesis '" + hypothesis.name() + "': ";
            throw new UsageException(e.getMessage().startsWith(whose) ? e.getMessage() : whose + e.getMessage());
        }
    }

    private static void check(Map<String, JsonNode> options, ExperimentSpec spec) {
        if (spec.isMeasured()) {
            Measurables.of(options);
        } else {
            ExperimentModels models = new ExperimentModels(spec.classPath());
            models.check(options);
            if (spec.isFinetuned()) {
                models.checkStages(options, spec.finetune().decoder().stages());
            }
        }
    }

    private static void checkOnly(Map<String, String> wanted, ExperimentSpec spec) {
        requireLevels("only", wanted, spec);
        if (wanted.isEmpty()
                || spec.combinations().stream().noneMatch(variant -> ExperimentSpec.has(variant, wanted))) {
            throw new UsageException("only: " + wanted + " names no combination of levels");
        }
    }

    private static void check(HypothesisSpec hypothesis, Map<String, String> variant, ExperimentSpec spec) {
        String where = "hypothesis '" + hypothesis.name() + "'";
        requireLevels(where, variant, spec);
        if (spec.combinations().stream().noneMatch(run -> ExperimentSpec.has(run, variant))) {
            throw new UsageException(where + " speaks of " + variant + ", which 'only' leaves out");
        }
    }

    private static void requireLevels(String where, Map<String, String> variant, ExperimentSpec spec) {
        variant.forEach((factor, level) -> {
            Map<String, JsonNode> levels = spec.variants().get(factor);
            if (levels == null) {
                throw UsageException.unknown(
                        "factor of " + where + ":", factor, spec.variants().keySet());
            }
            if (!levels.containsKey(level)) {
                throw UsageException.unknown("level of " + factor + " in " + where + ":", level, levels.keySet());
            }
        });
    }
}
