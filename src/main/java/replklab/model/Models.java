package replklab.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.Registry;
import replklab.base.Registry.Found;
import replklab.base.UserClasses;
import replklab.nn.Layer;

/**
 * The models that an experiment's file or a command can name: the library's families and published networks, those that were
 * registered, and the user's own classes.
 */
public final class Models {
    private static final Registry<ModelRequest, Layer, ModelFactory> REGISTRY =
            new Registry<>("model", ModelFactory.class, Layer.class, ModelRequest.class, make -> make::make, own());

    private Models() {}

    private static Map<String, ModelFactory> own() {
        Map<String, ModelFactory> own = new LinkedHashMap<>();
        NamedNetwork.FAMILIES.forEach(family -> add(family, own));
        return own;
    }

    private static <C extends Record> void add(Family<C> family, Map<String, ModelFactory> into) {
        family.named().forEach((name, config) -> into.put(name, new FamilyFactory<>(family, config)));
        into.put(family.key(), new FamilyFactory<>(family, null));
    }

    /**
     * Gives a model a name, from a notebook's cell for instance, for as long as the program runs. Finished runs of it count until the
     * name is registered again or the program ends: nobody could tell later whether they were made by the same code.
     *
     * @throws replklab.base.UsageException if the library has a model of that name
     */
    public static void register(String name, ModelFactory model) {
        register(name, "", model);
    }

    /**
     * The same with a version, by which finished runs are known again: change it whenever the code changes what is computed.
     *
     * @param version such as {@code "2"}
     */
    public static void register(String name, String version, ModelFactory model) {
        REGISTRY.register(name, version, model);
    }

    /** The names of the library's models and the registered ones. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    /** What a name stands for; empty if nothing has it. */
    public static Optional<Found<ModelFactory>> find(String name, UserClasses classes) {
        return REGISTRY.find(name, classes);
    }

    /**
     * What a name stands for.
     *
     * @param key of the file that has it, for messages
     * @throws replklab.base.UsageException if nothing has it, or a class of that name is no model
     */
    public static Found<ModelFactory> require(String key, String name, UserClasses classes) {
        return REGISTRY.require(key, name, classes);
    }

    /**
     * Makes a model.
     *
     * @throws replklab.base.UsageException for an option that there is not, or with what a user's code throws
     */
    public static Layer make(Found<ModelFactory> model, ModelRequest asked) {
        return REGISTRY.make(model, asked, asked.options());
    }

    /** The name by which {@link Architecture#parse} knows what {@link #make} makes; empty where no name holds the options. */
    public static Optional<String> name(Found<ModelFactory> model, ModelRequest asked) {
        if (model.factory() instanceof FamilyFactory<?> family) {
            return Optional.of(family.name(asked));
        }
        return asked.options()
                .with(Family.INPUT_CHANNELS, asked.channels())
                .with(Family.CLASSES, asked.classes())
                .words()
                .map(options -> model.name() + ":" + options);
    }

    /** Throws unless one of the library's models can have these options; of the user's own nothing is known before it is made. */
    public static void check(Found<ModelFactory> model, ModelRequest asked) {
        if (model.factory() instanceof FamilyFactory<?> family) {
            family.config(asked);
        }
    }

    /** Throws unless the backbone of one of the library's models has these stages. */
    public static void checkStages(Found<ModelFactory> model, ModelRequest asked, List<Integer> stages) {
        if (model.factory() instanceof FamilyFactory<?> family) {
            family.stages(asked, stages);
        }
    }

    /** The family of one of the library's models, such as {@code "replknet"}; empty for the user's. */
    public static Optional<String> family(String name) {
        return NamedNetwork.FAMILIES.stream()
                .filter(family -> family.key().equals(name) || family.named().containsKey(name))
                .map(Family::key)
                .findFirst();
    }
}
