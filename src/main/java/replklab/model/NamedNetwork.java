package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.Options;
import replklab.base.UsageException;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/**
 * A classifier or backbone of a family.
 *
 * @param family it is of
 * @param config its options
 * @param stages whose maps a backbone gives; empty for a classifier
 * @param norms whether each map of a backbone has an extra norm
 * @param <C> the family's configuration
 */
record NamedNetwork<C extends Record>(Family<C> family, C config, List<Integer> stages, boolean norms) {
    static final List<Family<?>> FAMILIES =
            List.of(new RepLKNetFamily(), new MobileNetV2Family(), new ConvNeXtFamily());
    private static final String STAGES = "features";
    private static final String NORMS = "norms";
    private static final String CLASSES = Family.CLASSES;

    /**
     * The network that a name means.
     *
     * @param more names that the caller knows, for the message
     * @throws UsageException if there is none, or saying what is wrong with an option
     */
    static NamedNetwork<?> parse(String name, List<String> more) {
        return find(name).orElseThrow(() -> unknown(name, more));
    }

    /** The same; empty if no family has the name. */
    static Optional<NamedNetwork<?>> find(String name) {
        int colon = name.indexOf(':');
        String head = colon < 0 ? name : name.substring(0, colon);
        for (Family<?> family : FAMILIES) {
            if (family.named().containsKey(head) || (colon >= 0 && family.key().equals(head))) {
                return Optional.of(of(family, head, colon < 0 ? null : name.substring(colon + 1)));
            }
        }
        return Optional.empty();
    }

    /** @param more names that the caller knows */
    static UsageException unknown(String name, List<String> more) {
        List<String> known = new ArrayList<>(more);
        for (Family<?> family : FAMILIES) {
            known.addAll(family.named().keySet());
            known.add(family.key() + ":" + family.keys().getFirst() + "=...");
        }
        int colon = name.indexOf(':');
        return UsageException.unknown("architecture", colon < 0 ? name : name.substring(0, colon), known);
    }

    /** @param options null where there is no colon */
    private static <C extends Record> NamedNetwork<C> of(Family<C> family, String head, String options) {
        C base = family.named().getOrDefault(head, family.usual());
        if (options == null) {
            return new NamedNetwork<>(family, base, List.of(), false);
        }
        List<String> keys = new ArrayList<>(family.keys());
        keys.add(STAGES);
        if (family.hasExtraNorms()) {
            keys.add(NORMS);
        }
        Options given = NetworkNames.options(family.key(), options);
        given.requireKnown(keys);
        if (given.has(STAGES) && given.has(CLASSES)) {
            throw new UsageException("a backbone has no classes: " + STAGES + " and " + CLASSES + " of " + family.key()
                    + " exclude each other");
        }
        if (given.has(NORMS) && !given.has(STAGES)) {
            throw new UsageException(
                    NORMS + " of " + family.key() + " are a backbone's, which " + STAGES + "=0-1-2-3 makes of it");
        }
        return new NamedNetwork<>(
                family, family.config(given, base), given.integers(STAGES, List.of()), given.flag(NORMS, false));
    }

    /** This network without its head; if it says no stages, with the maps that segmentation takes. */
    NamedNetwork<C> asBackbone() {
        if (family.classes(config) != family.classes(family.usual())) {
            throw new UsageException(
                    "backbone " + name() + ": a backbone has no classes; those of the head come before it");
        }
        return stages.isEmpty() ? new NamedNetwork<>(family, config, family.pyramid(config), norms) : this;
    }

    /** The same network as a backbone, whatever its classes. */
    NamedNetwork<C> withoutHead() {
        C usual = family.withClasses(config, family.classes(family.usual()));
        return new NamedNetwork<>(family, usual, stages, norms).asBackbone();
    }

    int inputChannels() {
        return family.inputChannels(config);
    }

    Layer make(KernelForm form, Initialisation start) {
        return stages.isEmpty() ? family.classifier(config, form, start) : makeBackbone(form, start);
    }

    Backbone makeBackbone(KernelForm form, Initialisation start) {
        return family.backbone(config, stages, norms, form, start);
    }

    /** From which {@link #parse} makes the same network: the published name where there is one. */
    String name() {
        // A backbone's classes do not matter.
        C same = stages.isEmpty() ? config : family.withClasses(config, family.classes(family.usual()));
        List<String> words = new ArrayList<>();
        String published = family.named().entrySet().stream()
                .filter(named -> named.getValue().equals(same))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        if (published == null) {
            words.add(family.options(config));
            if (stages.isEmpty()) {
                words.add(CLASSES + "=" + family.classes(config));
            }
        }
        if (!stages.isEmpty()) {
            words.add(STAGES + "=" + NetworkNames.joined(stages));
            if (family.hasExtraNorms()) {
                words.add(NORMS + "=" + NetworkNames.yesNo(norms));
            }
        }
        String head = published == null ? family.key() : published;
        return words.isEmpty() ? head : head + ":" + String.join(",", words);
    }
}
