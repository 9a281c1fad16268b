package replklab.analysis;

import replklab.base.UsageException;

/**
 * Whether a classifier decides by shape or by texture where the two disagree (Geirhos et al. 2019; the paper's section 5), by the
 * rule of model-vs-human: a decision is the category with the highest mean of its classes' probabilities; images whose shape
 * and texture agree are left out; of the decisions for either cue, those for the shape count.
 *
 * @param images with shape and texture of different categories
 * @param shape how many of them were taken for their shape's category
 * @param texture how many were taken for their texture's
 */
public record ShapeBias(int images, int shape, int texture) {
    public ShapeBias {
        if (shape < 0 || texture < 0 || shape + texture > images) {
            throw new UsageException("of " + images + " images there cannot be " + shape + " shape and " + texture
                    + " texture decisions");
        }
    }

    /**
     * Counts decisions.
     *
     * @param probabilities one row an image, one value a class
     * @param categories the category of each class; classes of one category are averaged
     * @param shapes the category of each image's shape
     * @param textures the category of each image's texture
     * @throws UsageException if the arrays' lengths do not fit
     */
    public static ShapeBias of(double[][] probabilities, int[] categories, int[] shapes, int[] textures) {
        if (shapes.length != probabilities.length || textures.length != probabilities.length) {
            throw new UsageException("%d images, %d shapes and %d textures: there must be one of each an image"
                    .formatted(probabilities.length, shapes.length, textures.length));
        }
        int images = 0;
        int shape = 0;
        int texture = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (shapes[i] != textures[i]) {
                int decision = decision(probabilities[i], categories);
                images++;
                shape += decision == shapes[i] ? 1 : 0;
                texture += decision == textures[i] ? 1 : 0;
            }
        }
        return new ShapeBias(images, shape, texture);
    }

    /** The category whose classes have the highest mean probability. */
    static int decision(double[] probabilities, int[] categories) {
        if (categories.length != probabilities.length) {
            throw new UsageException("%d probabilities and categories of %d classes: there must be one of each a class"
                    .formatted(probabilities.length, categories.length));
        }
        int count = 0;
        for (int category : categories) {
            count = Math.max(count, category + 1);
        }
        double[] sums = new double[count];
        int[] sizes = new int[count];
        for (int k = 0; k < probabilities.length; k++) {
            sums[categories[k]] += probabilities[k];
            sizes[categories[k]]++;
        }
        int best = -1;
        double highest = Double.NEGATIVE_INFINITY;
        for (int category = 0; category < count; category++) {
            double mean =
                    sums[category] / sizes[category]; // a number that no class has is no category: NaN is never higher
            if (mean > highest) {
                best = category;
                highest = mean;
            }
        }
        return best;
    }

    /** Shape decisions among the decisions for shape or texture, 0 to 1; NaN if there were none. */
    public double bias() {
        return (double) shape / (shape + texture);
    }
}
