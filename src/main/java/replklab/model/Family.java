package replklab.model;

import java.util.List;
import java.util.SequencedMap;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/**
 * Networks of one kind that words can name: those with a name of their own, and any other by its options.
 *
 * @param <C> their configuration
 */
interface Family<C extends Record> {
    /** What stands before the colon of options, such as {@code "convnext"}. */
    String key();

    /** The networks that have a name of their own. */
    SequencedMap<String, C> named();

    /** Whose options are taken for those that are left out behind {@link #key()}. */
    C usual();

    /** The options there are, {@code input-channels} and {@code classes} the last ones. */
    List<String> keys();

    /** A network whose options are the given ones, and another network's where there are none. */
    C config(NameOptions given, C other);

    /** Every option of a network but its classes, as {@link #config} reads them. */
    String options(C config);

    int inputChannels(C config);

    int classes(C config);

    /** A network for another number of classes. */
    C withClasses(C config, int classes);

    /** The stages whose maps a segmentation head gets: those of a quarter to a 32nd of the image. */
    List<Integer> pyramid(C config);

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
