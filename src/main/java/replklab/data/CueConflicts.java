package replklab.data;

import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * Images whose shape is of one class and whose texture is of another (Geirhos et al. 2019), to see which of the two decides: the
 * test garments of Fashion-Cues in the stripes of other classes.
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
     * @param fashionMnist its folder
     * @param count how many images, balanced over the classes of shapes
     */
    static CueConflicts open(Path fashionMnist, int count) {
        ImageDataset garments = Subset.balanced(FashionMnist.open(fashionMnist, Split.TEST), count, SEED);
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
