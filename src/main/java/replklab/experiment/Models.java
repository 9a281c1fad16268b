package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import replklab.base.UsageException;
import replklab.model.Backbone;
import replklab.model.ConvNeXt;
import replklab.model.ConvNeXtBackbone;
import replklab.model.ConvNeXtConfig;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Backbone;
import replklab.model.MobileNetV2Config;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetConfig;
import replklab.nn.Layer;

/** The models an experiment can name, each with its own options. */
final class Models {
    /**
     * A kind of model.
     *
     * @param config its options, with {@code inputChannels} and {@code classes} among them
     * @param defaults the options that may be left out
     * @param maker makes the model, drawing its starting weights
     * @param pyramid the last stage of each resolution
     * @param backbone makes the model without its head
     */
    private record Kind<C extends Record>(
            Class<C> config,
            Map<String, JsonNode> defaults,
            BiFunction<C, RandomGenerator, Layer> maker,
            Function<C, List<Integer>> pyramid,
            BackboneMaker<C> backbone) {
        Layer make(Map<String, JsonNode> options, RandomGenerator random) {
            return maker.apply(bound(options), random);
        }

        Backbone backbone(Map<String, JsonNode> options, List<Integer> stages, RandomGenerator random) {
            return backbone.make(bound(options), stages.isEmpty() ? pyramid.apply(bound(options)) : stages, random);
        }

        /** Throws unless the last stage that is wanted exists. */
        void requireStages(Map<String, JsonNode> options, List<Integer> stages) {
            int last = pyramid.apply(bound(options)).getLast();
            if (!stages.isEmpty() && (stages.getFirst() < 0 || stages.getLast() > last)) {
                throw new UsageException("decoder.stages are " + stages + "; the model has stages 0 to " + last);
            }
        }

        private C bound(Map<String, JsonNode> options) {
            return Experiments.options("model", options, config);
        }
    }

    /** Makes a backbone with starting weights. */
    private interface BackboneMaker<C> {
        Backbone make(C config, List<Integer> stages, RandomGenerator random);
    }

    private static final Map<String, Kind<?>> KINDS = new TreeMap<>(Map.of(
            "convnext",
                    new Kind<>(
                            ConvNeXtConfig.class,
                            Map.of(),
                            ConvNeXt::new,
                            config -> all(config.channels().size()),
                            ConvNeXtBackbone::new),
            "mobilenetv2",
                    new Kind<>(
                            MobileNetV2Config.class,
                            Map.of(
                                    "kernels", JsonNodeFactory.instance.arrayNode(),
                                    "blocks", JsonNodeFactory.instance.arrayNode(),
                                    "smallKernel", IntNode.valueOf(0),
                                    "dilation", IntNode.valueOf(1)),
                            MobileNetV2::new,
                            Models::pyramid,
                            MobileNetV2Backbone::new),
            "replknet",
                    new Kind<>(
                            RepLKNetConfig.class,
                            Map.of(),
                            RepLKNet::new,
                            config -> all(config.channels().size()),
                            (config, stages, random) -> new RepLKNetBackbone(config, stages, true, random))));

    private Models() {}

    /**
     * Makes a classifier.
     *
     * @param options its options, {@code name} among them
     * @param inputChannels of the images
     * @param classes of the data set
     * @param random starting weights are drawn from it
     */
    static Layer make(Map<String, JsonNode> options, int inputChannels, int classes, RandomGenerator random) {
        return kind(options).make(completed(options, inputChannels, classes), random);
    }

    private static List<Integer> all(int stages) {
        return IntStream.range(0, stages).boxed().toList();
    }

    /** The stages before each stride, and the last one. */
    private static List<Integer> pyramid(MobileNetV2Config config) {
        List<Integer> strides = config.strides();
        return IntStream.range(0, strides.size())
                .filter(stage -> stage + 1 == strides.size() || strides.get(stage + 1) > 1)
                .boxed()
                .toList();
    }

    /**
     * Makes the same model without its head, with a copy of the weights of a trained one. What the classifier does not have, the
     * norms of feature maps, starts anew.
     *
     * @param stages whose feature maps are wanted; none for the last one of each resolution
     * @param pretrained the classifier of these options
     */
    static Backbone backbone(
            Map<String, JsonNode> options,
            int inputChannels,
            List<Integer> stages,
            Layer pretrained,
            RandomGenerator random) {
        Backbone backbone = kind(options).backbone(completed(options, inputChannels, 2), stages, random);
        Map<String, Layer.Variable> given = pretrained.state();
        backbone.state().forEach((name, variable) -> {
            if (given.containsKey(name)) {
                variable.tensor().assign(given.get(name).tensor());
            }
        });
        return backbone;
    }

    /** Throws unless a decoder can have these stages of a model. */
    static void checkStages(Map<String, JsonNode> options, List<Integer> stages) {
        kind(options).requireStages(completed(options, 1, 2), stages);
    }

    /** Throws unless the options are those of a model. */
    static void check(Map<String, JsonNode> options) {
        Class<? extends Record> config = kind(options).config();
        Experiments.options("model", completed(options, 1, 2), config);
    }

    private static Kind<?> kind(Map<String, JsonNode> options) {
        JsonNode name = options.get("name");
        if (name == null) {
            throw new UsageException("model.name is missing (known: " + String.join(", ", KINDS.keySet()) + ")");
        }
        Kind<?> kind = KINDS.get(name.asText());
        if (kind == null) {
            throw UsageException.unknown("model", name.asText(), KINDS.keySet());
        }
        return kind;
    }

    /** The options with the defaults and what the data says, and without the name. */
    private static Map<String, JsonNode> completed(Map<String, JsonNode> options, int inputChannels, int classes) {
        Map<String, JsonNode> completed = new LinkedHashMap<>(kind(options).defaults());
        completed.putAll(options);
        completed.remove("name");
        for (String given : new String[] {"inputChannels", "classes"}) {
            if (completed.containsKey(given)) {
                throw new UsageException("model." + given + " follows from the data; leave it out");
            }
        }
        completed.put("inputChannels", IntNode.valueOf(inputChannels));
        completed.put("classes", IntNode.valueOf(classes));
        return completed;
    }
}
