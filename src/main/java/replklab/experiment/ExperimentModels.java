package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import replklab.base.Options;
import replklab.base.Registry.Found;
import replklab.base.UsageException;
import replklab.base.UserClasses;
import replklab.data.DatasetDraws;
import replklab.data.ImageShape;
import replklab.model.Backbone;
import replklab.model.ModelFactory;
import replklab.model.ModelRequest;
import replklab.model.Models;
import replklab.nn.Layer;

/**
 * The models of an experiment's variants.
 *
 * @param classes where the user's classes lie
 */
record ExperimentModels(UserClasses classes) {
    private static final String KEY = "model";
    private static final String NAME = "name";

    /** Sizes of images that have not been read yet. */
    private static final ImageShape UNKNOWN = new ImageShape(32, 32, 1);

    /**
     * Makes a classifier.
     *
     * @param options its options, {@code name} among them
     * @param shape of the images
     * @param classCount of the data set
     * @param random starting weights are drawn from it
     */
    Layer make(Map<String, JsonNode> options, ImageShape shape, int classCount, RandomGenerator random) {
        return Models.make(found(options), asked(options, shape, classCount, random));
    }

    /** The name by which commands know what {@link #make} makes, if there is one. */
    Optional<String> name(Map<String, JsonNode> options, ImageShape shape, int classCount) {
        return Models.name(found(options), asked(options, shape, classCount, new SplittableRandom(0)));
    }

    /**
     * Makes the same model without its head, with a copy of the weights of a trained one. What the classifier does not have, the
     * norms of feature maps, starts anew.
     *
     * @param stages whose feature maps are wanted; none for the last one of each resolution
     * @param pretrained the classifier of these options
     */
    Backbone backbone(
            Map<String, JsonNode> options,
            ImageShape shape,
            List<Integer> stages,
            Layer pretrained,
            RandomGenerator random) {
        Backbone backbone = found(options).factory().backbone(asked(options, shape, 2, random), stages);
        Map<String, Layer.Variable> given = pretrained.state();
        backbone.state().forEach((name, variable) -> {
            if (given.containsKey(name)) {
                variable.tensor().assign(given.get(name).tensor());
            }
        });
        return backbone;
    }

    /** Throws unless a decoder can have these stages of a model; what is the user's own is not asked before there are data. */
    void checkStages(Map<String, JsonNode> options, List<Integer> stages) {
        Models.checkStages(found(options), asked(options, UNKNOWN, 2, new SplittableRandom(0)), stages);
    }

    /** Throws unless the options are those of a model; of the user's own, unless there is such a model. */
    void check(Map<String, JsonNode> options) {
        Models.check(found(options), asked(options, UNKNOWN, 2, new SplittableRandom(0)));
    }

    /**
     * Makes the user's own models once for the data, so that what is wrong with their options is told before any run. The library's
     * were checked when the file was read.
     */
    static void tryOwn(ExperimentSpec spec, DatasetDraws data) {
        ExperimentModels models = new ExperimentModels(spec.classPath());
        for (Map<String, String> variant : spec.combinations()) {
            Map<String, JsonNode> options = spec.optionsOf(variant);
            if (Models.family(models.found(options).name()).isEmpty()) {
                models.make(options, data.shape(), data.classes(), new SplittableRandom(spec.firstSeed()));
            }
        }
    }

    /** What the model's name stands for. */
    Found<ModelFactory> found(Map<String, JsonNode> options) {
        JsonNode name = options.get(NAME);
        if (name == null) {
            throw new UsageException("model.name is missing (known: " + String.join(", ", Models.names()) + ")");
        }
        return Models.require(KEY + "." + NAME, name.asText(), classes);
    }

    private static ModelRequest asked(
            Map<String, JsonNode> options, ImageShape shape, int classCount, RandomGenerator random) {
        Map<String, JsonNode> own = new LinkedHashMap<>(options);
        own.remove(NAME);
        for (String given : List.of("inputChannels", "classes")) {
            if (own.containsKey(given)) {
                throw new UsageException("model." + given + " follows from the data; leave it out");
            }
        }
        Options read = Experiments.options(KEY, own);
        return new ModelRequest(read, shape.height(), shape.width(), shape.channels(), classCount, random);
    }
}
