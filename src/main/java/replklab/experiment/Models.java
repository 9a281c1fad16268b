package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import replklab.base.UsageException;
import replklab.model.ConvNeXt;
import replklab.model.ConvNeXtConfig;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.model.RepLKNet;
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
     */
    private record Kind<C extends Record>(
            Class<C> config, Map<String, JsonNode> defaults, BiFunction<C, RandomGenerator, Layer> maker) {
        Layer make(Map<String, JsonNode> options, RandomGenerator random) {
            return maker.apply(Experiments.options("model", options, config), random);
        }
    }

    private static final Map<String, Kind<?>> KINDS = new TreeMap<>(Map.of(
            "convnext", new Kind<>(ConvNeXtConfig.class, Map.of(), ConvNeXt::new),
            "mobilenetv2",
                    new Kind<>(
                            MobileNetV2Config.class,
                            Map.of(
                                    "kernels", JsonNodeFactory.instance.arrayNode(),
                                    "smallKernel", IntNode.valueOf(0),
                                    "dilation", IntNode.valueOf(1)),
                            MobileNetV2::new),
            "replknet", new Kind<>(RepLKNetConfig.class, Map.of(), RepLKNet::new)));

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
