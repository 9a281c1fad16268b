package replklab.model;

import java.util.List;
import java.util.random.RandomGenerator;
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
        C config = config(asked);
        List<Integer> all = family.resolutions(config);
        if (!stages.isEmpty() && (stages.getFirst() < 0 || stages.getLast() > all.getLast())) {
            throw new UsageException(
                    "decoder.stages are " + stages + "; the model has stages 0 to " + all.getLast());
        }
        RandomGenerator random = asked.random();
        return family.backbone(
                config,
                stages.isEmpty() ? all : stages,
                family.hasExtraNorms(),
                KernelForm.TRAINING,
                family.start(random));
    }

    private C config(ModelRequest asked) {
        Options given = asked.options()
                .with(Family.INPUT_CHANNELS, asked.channels())
                .with(Family.CLASSES, asked.classes());
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
