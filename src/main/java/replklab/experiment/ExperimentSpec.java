package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.base.UserClasses;
import replklab.data.DatasetSpec;
import replklab.data.Split;
import replklab.stats.Hypothesis;
import replklab.train.TrainingConfig;

/**
 * An experiment in one profile, as its YAML file says it, defaults and the profile's changes filled in. Its runs either train a
 * model on data, or they measure something.
 *
 * @param title what it shows, as a heading
 * @param question what it asks; may be left out without a paper
 * @param scale what data and schedule are, and how far from the paper's: Markdown; may be left out without a paper
 * @param paper where the paper says what stands beside the result; null for an experiment of one's own
 * @param classPath where classes of the user's own lie; may be left out
 * @param data images; null where runs measure
 * @param model options of the model by key, {@code name} among them; null where runs measure
 * @param training schedule; null where runs measure
 * @param finetune a second stage of dense prediction; null where there is none
 * @param measure options of what is measured by key, {@code name} among them; null where runs train
 * @param evaluate what trained models are asked besides their accuracy: options by the name of a {@link Probe}; may be left out
 * @param metrics numbers that the answers to the test images give besides the accuracy, after each epoch: options by the name of a {@link
 *     TestMetric}; may be left out
 * @param metric key of the metric that decides; may be left out: then it is the accuracy, or the first one that is measured
 * @param variants for each factor its levels by name, each with the value that the model's option of that name takes, or the
 *     training's setting, such as {@code training.learningRate}, or {@code data.trainExamples}
 * @param only which combinations of levels are run: those that have all levels of any entry; may be left out for all
 * @param search what settings of the training were tried with every variant, and what each trains with; null where all train alike
 * @param hypotheses what is claimed, what is compared with what, and what the paper found; one of them may be primary
 * @param seeds number of seeds
 * @param firstSeed the first of them, the others follow; 1 where it is left out
 */
public record ExperimentSpec(
        String title,
        String question,
        String scale,
        PaperSource paper,
        UserClasses classPath,
        DatasetSpec data,
        Map<String, JsonNode> model,
        TrainingConfig training,
        FinetuneSpec finetune,
        Map<String, JsonNode> measure,
        Map<String, Map<String, JsonNode>> evaluate,
        Map<String, Map<String, JsonNode>> metrics,
        String metric,
        Map<String, Map<String, JsonNode>> variants,
        List<Map<String, String>> only,
        SearchSpec search,
        List<HypothesisSpec> hypotheses,
        int seeds,
        Long firstSeed) {
    /** The most runs that are planned: years of work, and as many as fit into memory and a table. */
    public static final int MOST_RUNS = 100_000;

    /** The largest seed: the largest number that every reader of JSON keeps as it is. */
    public static final long LARGEST_SEED = (1L << 53) - 1;

    /** How the name of a factor begins that varies a setting of the training. */
    static final String TRAINING = "training.";

    /** The factor that varies how many images there are to train on. */
    static final String EXAMPLES = "data.trainExamples";

    private static final int LONGEST_LEVEL = 60;

    public ExperimentSpec {
        requireText("title", title);
        if (paper != null) {
            requireText("question", question);
            requireText("scale", scale);
        }
        question = question == null ? "" : question;
        scale = scale == null ? "" : scale;
        classPath = classPath == null ? UserClasses.NONE : classPath;
        metrics = metrics == null ? Map.of() : metrics;
        evaluate = evaluate == null ? Map.of() : evaluate;
        only = only == null ? List.of() : List.copyOf(only);
        if (measure == null) {
            requirePresent("data", data);
            requirePresent("model", model);
            requirePresent("training", training);
        } else if (data != null
                || model != null
                || training != null
                || finetune != null
                || search != null
                || !evaluate.isEmpty()
                || !metrics.isEmpty()) {
            throw new UsageException("an experiment with measure trains nothing; leave data, model, training, finetune,"
                    + " search, evaluate and metrics out");
        }
        requirePresent("hypotheses", hypotheses);
        if (seeds < 1 || seeds > MOST_RUNS) {
            throw new UsageException(
                    "seeds is " + seeds + "; it must be 1 to " + MOST_RUNS + " (2 or more for intervals)");
        }
        firstSeed = firstSeed == null ? 1L : firstSeed;
        if (firstSeed < 1 || firstSeed > LARGEST_SEED - seeds + 1) {
            throw new UsageException("firstSeed is " + firstSeed + "; it must be at least 1, and the last of " + seeds
                    + " seeds at most " + LARGEST_SEED);
        }
        if (variants == null || variants.isEmpty()) {
            throw new UsageException("variants is empty; it names what the experiment varies, such as kernel: [3, 13]");
        }
        variants.forEach((factor, levels) -> {
            if (levels == null || levels.isEmpty()) {
                throw new UsageException("variants." + factor + " has no levels");
            }
            levels.keySet().forEach(level -> requireName(factor, level));
        });
        requireFewRuns(variants, seeds);
        hypotheses = List.copyOf(hypotheses);
        requireOnePrimary(hypotheses);
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

    /** With several a verdict would be one of many chances; what else is asked is secondary, or an experiment of its own. */
    private static void requireOnePrimary(List<HypothesisSpec> hypotheses) {
        List<String> primaries = hypotheses.stream()
                .filter(each -> each.role() == Hypothesis.Role.PRIMARY)
                .map(HypothesisSpec::name)
                .toList();
        if (primaries.size() > 1) {
            throw new UsageException("hypotheses has %d primary ones: '%s'; an experiment has one"
                    .formatted(primaries.size(), String.join("', '", primaries)));
        }
    }

    private static void requireName(String factor, String level) {
        if (level.isBlank() || level.length() > LONGEST_LEVEL) {
            throw new UsageException("variants." + factor + " has a level named '" + Shown.of(level)
                    + "'; a name has 1 to " + LONGEST_LEVEL + " characters");
        }
    }

    /** Counted before {@code only} is looked at: what leaves most of them out has all of them in mind as well. */
    private static void requireFewRuns(Map<String, Map<String, JsonNode>> variants, int seeds) {
        double combinations = variants.values().stream().mapToDouble(Map::size).reduce(1, (a, b) -> a * b);
        if (combinations * seeds > MOST_RUNS) {
            throw new UsageException(
                    "variants has %.0f combinations of levels, with %d seeds each %.0f runs; at most %d are planned"
                            .formatted(combinations, seeds, combinations * seeds, MOST_RUNS));
        }
    }

    /** The combinations of levels that are run, level names by factor, in the order of the file. */
    public List<Map<String, String>> combinations() {
        Map<String, Set<String>> levels = new LinkedHashMap<>();
        variants.forEach((factor, values) -> levels.put(factor, values.keySet()));
        return combined(levels).stream().filter(this::isRun).toList();
    }

    /** Every way to take one value of each name, in the order of the names, the last one changing fastest. */
    static <T> List<Map<String, T>> combined(Map<String, ? extends Collection<T>> values) {
        List<Map<String, T>> combinations = List.of(Map.of());
        for (Map.Entry<String, ? extends Collection<T>> each : values.entrySet()) {
            List<Map<String, T>> longer = new ArrayList<>();
            for (Map<String, T> shorter : combinations) {
                for (T value : each.getValue()) {
                    Map<String, T> added = new LinkedHashMap<>(shorter);
                    added.put(each.getKey(), value);
                    longer.add(added);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    private boolean isRun(Map<String, String> combination) {
        return only.isEmpty() || only.stream().anyMatch(wanted -> has(combination, wanted));
    }

    /** Whether a combination has all the wanted levels. */
    static boolean has(Map<String, String> combination, Map<String, String> wanted) {
        return combination.entrySet().containsAll(wanted.entrySet());
    }

    /** The claim that gets a verdict, if there is one. */
    Optional<HypothesisSpec> primary() {
        return hypotheses.stream()
                .filter(each -> each.role() == Hypothesis.Role.PRIMARY)
                .findFirst();
    }

    /** Whether runs measure; else they train. */
    public boolean isMeasured() {
        return measure != null;
    }

    /** Whether runs have a second stage of dense prediction. */
    public boolean isFinetuned() {
        return finetune != null;
    }

    /** Where the paper says what stands beside the result, if it does. */
    public Optional<PaperSource> inPaper() {
        return Optional.ofNullable(paper);
    }

    /** The options of the model, or of what is measured, for one combination of levels. */
    public Map<String, JsonNode> optionsOf(Map<String, String> variant) {
        Map<String, JsonNode> options = new LinkedHashMap<>(isMeasured() ? measure : model);
        variant.forEach((factor, level) -> {
            if (isMeasured() || !(factor.startsWith(TRAINING) || factor.equals(EXAMPLES))) {
                options.put(factor, variants.get(factor).get(level));
            }
        });
        return options;
    }

    /**
     * The training for one combination of levels.
     *
     * @throws UsageException naming a setting that there is not, or one whose value is not allowed
     */
    public TrainingConfig trainingOf(Map<String, String> variant) {
        TrainingConfig varied = training;
        for (Map.Entry<String, JsonNode> found :
                (search == null ? Map.<String, JsonNode>of() : search.chosenFor(variant)).entrySet()) {
            varied = Experiments.with(varied, found.getKey().substring(TRAINING.length()), found.getValue());
        }
        for (Map.Entry<String, String> level : variant.entrySet()) {
            String factor = level.getKey();
            if (factor.startsWith(TRAINING)) {
                JsonNode value = variants.get(factor).get(level.getValue());
                varied = Experiments.with(varied, factor.substring(TRAINING.length()), value);
            }
        }
        return varied;
    }

    /**
     * How many images one combination of levels is trained on, 0 for all.
     *
     * @throws UsageException if the level is no number of images
     */
    public int trainExamplesOf(Map<String, String> variant) {
        if (!variant.containsKey(EXAMPLES)) {
            return data.trainExamples();
        }
        JsonNode images = variants.get(EXAMPLES).get(variant.get(EXAMPLES));
        if (!images.canConvertToInt() || !images.isIntegralNumber() || images.intValue() < 1) {
            throw new UsageException("variants." + EXAMPLES + " has " + Shown.of(images.toString())
                    + "; it must be a number of images, 1 or more");
        }
        return images.intValue();
    }

    /** The seeds of its runs. */
    public List<Long> seedList() {
        return LongStream.range(firstSeed, firstSeed + seeds).boxed().toList();
    }

    /** Whether it holds images out from training, and is evaluated on the test images nevertheless. */
    public boolean looksAtTestImages() {
        return Stream.of(data, finetune == null ? null : finetune.data())
                .filter(Objects::nonNull)
                .anyMatch(images -> images.validationExamples() > 0 && images.evaluateOn() == Split.TEST);
    }

    /** What numbers of the stage that decides are measured on: {@code test} or {@code validation} images. */
    Split evaluatedOn() {
        return finetune != null && finetune.data() != null ? finetune.data().evaluateOn() : data.evaluateOn();
    }

    /** The same experiment with other seeds. */
    public ExperimentSpec withSeeds(int number, long first) {
        return new ExperimentSpec(
                title,
                question,
                scale,
                paper,
                classPath,
                data,
                model,
                training,
                finetune,
                measure,
                evaluate,
                metrics,
                metric,
                variants,
                only,
                search,
                hypotheses,
                number,
                first);
    }
}
