package replklab.model;

import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import replklab.base.Options;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/**
 * Networks of one kind that words can name: those with a name of their own, and any other by its options.
 *
 * @param <C> their configuration
 */
interface Family<C extends Record> {
    /** The option that data say of themselves in a file. */
    String INPUT_CHANNELS = "inputChannels";

    /** The other one. */
    String CLASSES = "classes";

    /** What stands before the colon of options, such as {@code "convnext"}. */
    String key();

    /** The networks that have a name of their own. */
    SequencedMap<String, C> named();

    /** Whose options are taken for those that are left out behind {@link #key()}. */
    C usual();

    /** The options there are, {@link #INPUT_CHANNELS} and {@link #CLASSES} the last ones: the configuration's components. */
    List<String> keys();

    /** Those of them that have a neutral value, so that a file need not say them. */
    default Set<String> optional() {
        return Set.of();
    }

    /** A network whose options are the given ones, and another network's where there are none. */
    C config(Options given, C other);

    /** Every option of a network but its classes, as {@link #config} reads them. */
    String options(C config);

    int inputChannels(C config);

    int classes(C config);

    /** A network for another number of classes. */
    C withClasses(C config, int classes);

    /** The stages whose maps a segmentation head gets: those of a quarter to a 32nd of the image. */
    List<Integer> pyramid(C config);

    /** The last stage of each resolution. */
    List<Integer> resolutions(C config);

    /** How the starting weights are drawn. */
    Initialisation start(RandomGenerator random);

    /** Whether a backbone may have an extra batch norm on each map. */
    default boolean hasExtraNorms() {
        return false;
    }

    Layer classifier(C config, KernelForm form, Initialisation start);

    /**
     * @param stages whose maps it gives
     * @param norms whether each map has an extra norm; only where {@link #hasExtraNorms()}
     */
    Backbone backbone(C config, List<Integer> stages, boolean norms, KernelForm form, Initialisation start);
}
