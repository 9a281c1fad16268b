package replklab.model;

import java.util.List;
import replklab.base.Factory;
import replklab.base.UsageException;
import replklab.nn.Layer;

/**
 * Makes networks of one kind. A notebook registers a lambda ({@link Models#register}); a class is named by its full name, and so is
 * a {@link Layer} with a public constructor that takes a {@link ModelRequest}.
 */
@FunctionalInterface
public interface ModelFactory extends Factory<ModelRequest, Layer> {
    /**
     * A classifier with starting weights, images (n, h, w, channels) in, logits (n, classes) out.
     *
     * @throws UsageException for an option that cannot be
     */
    @Override
    Layer make(ModelRequest asked);

    /**
     * The same network without its head, for dense prediction; its layers have the classifier's names, whose weights it gets.
     *
     * @param stages whose maps it gives, in ascending order; empty for the last one of each resolution
     * @throws UsageException if this model has none, as where nobody overrides this, or has no such stage
     */
    default Backbone backbone(ModelRequest asked, List<Integer> stages) {
        throw new UsageException("this model gives no backbone, which dense prediction and receptive fields need; a "
                + ModelFactory.class.getSimpleName() + " that overrides backbone does");
    }
}
