package replklab.data;

import java.util.List;

/**
 * A data set that is open: each seed draws its own training images from it, so that intervals over seeds cover that choice, too;
 * all are evaluated on the same images, so that runs can be compared image by image.
 */
public final class DatasetDraws {
    /** Of the images that are evaluated on, whatever a run's seed is. */
    private static final long EVALUATED_SEED = 0;

    private final TrainTest whole;
    private final ImageDataset evaluated;

    /** @param whole with what is held out already taken away */
    DatasetDraws(TrainTest whole, DatasetSpec spec) {
        this.whole = whole;
        this.evaluated = Subset.balanced(whole.test(), "testExamples", spec.testExamples(), EVALUATED_SEED);
    }

    /**
     * The images of a run.
     *
     * @param trainExamples how many to train on, balanced over the classes; 0 for all. Fewer of the same seed are among more
     * @throws replklab.base.UsageException if there are fewer than are asked for
     */
    public TrainTest of(long seed, int trainExamples) {
        return new TrainTest(Subset.balanced(whole.train(), "trainExamples", trainExamples, seed), evaluated);
    }

    /** What all are evaluated on. */
    public ImageDataset evaluated() {
        return evaluated;
    }

    /** What {@link TrainTest#notices} says. */
    public List<String> notices() {
        return whole.notices();
    }

    /** Shape of every image. */
    public ImageShape shape() {
        return whole.shape();
    }

    /** Number of classes. */
    public int classes() {
        return whole.classes();
    }
}
