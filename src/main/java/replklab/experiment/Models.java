package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import replklab.base.UsageException;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.nn.Layer;

/** The models an experiment can name, each with its own options. */
final class Models {
    /** Makes a classifier from its options, which come with input channels and classes filled in. */
    @FunctionalInterface
    private interface Maker {
        Layer make(Map<String, JsonNode> options, RandomGenerator random);
    }

    private static final Map<String, Maker> MAKERS = Map.of(
            "mobilenetv2",
            (options, random) -> new MobileNetV2(Experiments.options(options, MobileNetV2Config.class), random));

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
        Map<String, JsonNode> rest = new LinkedHashMap<>(options);
        JsonNode name = rest.remove("name");
        if (name == null) {
            throw new UsageException("model.name is missing (known: " + String.join(", ", MAKERS.keySet()) + ")");
        }
        if (!MAKERS.containsKey(name.asText())) {
            throw UsageException.unknown("model", name.asText(), MAKERS.keySet());
        }
        for (String given : new String[] {"inputChannels", "classes"}) {
            if (rest.containsKey(given)) {
                throw new UsageException("model." + given + " follows from the data; leave it out");
            }
        }
        rest.put("inputChannels", IntNode.valueOf(inputChannels));
        rest.put("classes", IntNode.valueOf(classes));
        return MAKERS.get(name.asText()).make(rest, random);
    }

    /** Throws unless a model can be made from the options; small, since nothing is kept. */
    static void check(Map<String, JsonNode> options) {
        make(options, 1, 2, new java.util.SplittableRandom(0));
    }
}
