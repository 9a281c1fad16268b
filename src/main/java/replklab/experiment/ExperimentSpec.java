package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.base.UsageException;
import replklab.data.DatasetSpec;
import replklab.train.TrainingConfig;

/**
 * An experiment in one profile, as its YAML file says it, defaults and the profile's changes filled in. Its runs either train a
 * model on data, or they measure something.
 *
 * @param title what it shows, as a heading
 * @param question what it asks
 * @param scale how far data and schedule are from the paper's: Markdown
 * @param paper table and column of the paper that stand beside the result
 * @param data images; null where runs measure
 * @param model options of the model by key, {@code name} among them; null where runs measure
 * @param training schedule; null where runs measure
 * @param finetune a second stage of dense prediction; null where there is none
 * @param measure options of what is measured by key, {@code name} among them; null where runs train
 * @param variants for each factor its levels by name, each with the value that the option of that name takes
 * @param effects what the paper found
 * @param seeds number of seeds; they are 1, 2, and so on
 */
public record ExperimentSpec(
        String title,
        String question,
        String scale,
        Paper paper,
        DatasetSpec data,
        Map<String, JsonNode> model,
        TrainingConfig training,
        FinetuneSpec finetune,
        Map<String, JsonNode> measure,
        Map<String, Map<String, JsonNode>> variants,
        List<EffectSpec> effects,
        int seeds) {
    /**
     * Where the paper's numbers are.
     *
     * @param table name of the table, such as {@code table02-shortcut}
     * @param column its column that the metric which decides is compared with; may be left out beside {@code columns}
     * @param columns for each of our metrics its column, such as {@code {accuracy: imagenet_top1, miou: ade20k_miou}}, the metric
     *     that decides first; may be left out
     * @param factors for a factor the table's name of it, where it has another; may be left out
     * @param levels for a factor the table's names of levels that we name otherwise; may be left out
     */
    public record Paper(
            String table,
            String column,
            Map<String, String> columns,
            Map<String, String> factors,
            Map<String, Map<String, String>> levels) {
        public Paper {
            requireText("paper.table", table);
            columns = columns == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(columns));
            if (column != null && !columns.isEmpty()) {
                throw new UsageException("paper has column and columns; it must have one of them");
            }
            column = columns.isEmpty() ? column : columns.values().iterator().next();
            requireText("paper.column", column);
            factors = factors == null ? Map.of() : factors;
            levels = levels == null ? Map.of() : levels;
        }

        /** Our name of a factor of the table. */
        String factor(String key) {
            return factors.entrySet().stream()
                    .filter(named -> named.getValue().equals(key))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(key);
        }

        /** The table's column by our metric. */
        Map<String, String> columnsBeside(String deciding) {
            return columns.isEmpty() ? Map.of(deciding, column) : columns;
        }

        /** A variant by the table's names. */
        public Map<String, String> row(Map<String, String> variant) {
            Map<String, String> row = new LinkedHashMap<>();
            variant.forEach((factor, level) -> row.put(
                    factors.getOrDefault(factor, factor),
                    levels.getOrDefault(factor, Map.of()).getOrDefault(level, level)));
            return row;
        }
    }

    public ExperimentSpec {
        requireText("title", title);
        requireText("question", question);
        requireText("scale", scale);
        requirePresent("paper", paper);
        if (measure == null) {
            requirePresent("data", data);
            requirePresent("model", model);
            requirePresent("training", training);
        } else if (data != null || model != null || training != null || finetune != null) {
            throw new UsageException(
                    "an experiment with measure trains nothing; leave data, model, training and finetune out");
        }
        requirePresent("effects", effects);
        if (seeds < 1) {
            throw new UsageException("seeds is " + seeds + "; it must be at least 1 (2 for intervals)");
        }
        if (variants == null || variants.isEmpty()) {
            throw new UsageException("variants is empty; it names what the experiment varies, such as kernel: [3, 13]");
        }
        variants.forEach((factor, levels) -> {
            if (levels == null || levels.isEmpty()) {
                throw new UsageException("variants." + factor + " has no levels");
            }
        });
        effects = List.copyOf(effects);
    }

    private static void requirePresent(String key, Object value) {
        if (value == null) {
            throw new UsageException(key + " is missing");
        }
    }

    private static void requireText(String key, String value) {
        if (value == null || value.isBlank()) {
            throw new UsageException(key + " is missing");
        }
    }

    /** Every combination of levels, level names by factor, in the order of the file. */
    public List<Map<String, String>> combinations() {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (Map.Entry<String, Map<String, JsonNode>> factor : variants.entrySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> shorter : combinations) {
                for (String level : factor.getValue().keySet()) {
                    Map<String, String> added = new LinkedHashMap<>(shorter);
                    added.put(factor.getKey(), level);
                    longer.add(added);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    /** Whether runs measure; else they train. */
    public boolean isMeasured() {
        return measure != null;
    }

    /** Whether runs have a second stage of dense prediction. */
    public boolean isFinetuned() {
        return finetune != null;
    }

    /** The options of the model, or of what is measured, for one combination of levels. */
    public Map<String, JsonNode> optionsOf(Map<String, String> variant) {
        Map<String, JsonNode> options = new LinkedHashMap<>(isMeasured() ? measure : model);
        variant.forEach(
                (factor, level) -> options.put(factor, variants.get(factor).get(level)));
        return options;
    }

    /** The same experiment with another number of seeds. */
    public ExperimentSpec withSeeds(int number) {
        return new ExperimentSpec(
                title, question, scale, paper, data, model, training, finetune, measure, variants, effects, number);
    }
}
