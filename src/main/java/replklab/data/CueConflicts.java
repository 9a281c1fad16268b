package replklab.data;

import java.util.random.RandomGenerator;

/**
 * Images whose shape is of one class and whose texture is of another (Geirhos et al. 2019), to see which of the two decides: the
 * garments of Fashion-Cues that are evaluated on, in the stripes of other classes.
 *
 * @param images labelled by their shape
 * @param shapes the class of each image's shape
 * @param textures the class of its texture, never the same
 */
public record CueConflicts(ImageDataset images, int[] shapes, int[] textures) {
    /** The data set whose cues are in conflict. */
    public static final String DATA_SET = FashionCues.NAME;

    private static final long SEED = 1;

    /**
     * @param evaluated images of Fashion-Cues, or some of them: conflicts are made of all garments that those were chosen from
     * @param count how many images, balanced over the classes of shapes
     */
    static CueConflicts of(ImageDataset evaluated, int count) {
        if (!(Subset.root(evaluated) instanceof FashionCues cues)) {
            throw new IllegalArgumentException("cues are in conflict on images of " + DATA_SET + ", not of "
                    + evaluated.info().name());
        }
        ImageDataset garments = Subset.balanced(cues.garments(), "images", count, SEED);
        int classes = garments.classes().size();
        int[] shapes = new int[garments.size()];
        int[] textures = new int[garments.size()];
        RandomGenerator random = Seeds.generator(SEED, Seeds.Purpose.CUES, 2);
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = garments.label(i);
            textures[i] = (shapes[i] + random.nextInt(1, classes)) % classes;
        }
        ImageDataset images = new FashionCues(
                garments, i -> textures[i], garments.info().selection() + ", each in the texture of another class");
        return new CueConflicts(images, shapes, textures);
    }
}
