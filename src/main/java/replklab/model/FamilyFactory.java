package replklab.model;

import java.util.List;
import replklab.base.Options;
import replklab.base.UsageException;
import replklab.nn.Layer;

/**
 * A family as files name it. Under the family's own name all options must be said but those that have a neutral value; under a
 * published network's, all are that network's unless they are said.
 *
 * @param published the network whose options are taken; null for none
 * @param <C> the family's configuration
 */
record FamilyFactory<C extends Record>(Family<C> family, C published) implements ModelFactory {
    @Override
    public Layer make(ModelRequest asked) {
        return family.classifier(config(asked), KernelForm.TRAINING, family.start(asked.random()));
    }

    @Override
    public Backbone backbone(ModelRequest asked, List<Integer> stages) {
        return family.backbone(
                config(asked),
                stages(asked, stages),
                family.hasExtraNorms(),
                KernelForm.TRAINING,
                family.start(asked.random()));
    }

    /** The name of the network that {@link #make} makes. */
    String name(ModelRequest asked) {
        return new NamedNetwork<>(family, config(asked), List.of(), false).name();
    }

    /** The stages that are wanted, if they are there. */
    List<Integer> stages(ModelRequest asked, List<Integer> wanted) {
        List<Integer> all = family.resolutions(config(asked));
        if (!wanted.isEmpty() && (wanted.getFirst() < 0 || wanted.getLast() > all.getLast())) {
            throw new UsageException("decoder.stages are " + wanted + "; the model has stages 0 to " + all.getLast());
        }
        return wanted.isEmpty() ? all : wanted;
    }

    /** The configuration that options make. */
    C config(ModelRequest asked) {
        Options given =
                asked.options().with(Family.INPUT_CHANNELS, asked.channels()).with(Family.CLASSES, asked.classes());
        asked.options().keys().forEach(asked.options()::has); // they are looked at here, as copies
        given.requireKnown(family.keys());
        if (published == null) {
            given.requireGiven(family.keys().stream()
                    .filter(key -> !family.optional().contains(key))
                    .toList());
        }
        return family.config(given, published == null ? family.usual() : published);
    }
}
