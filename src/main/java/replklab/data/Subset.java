package replklab.data;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import replklab.base.Digests;
import replklab.base.UsageException;

/** Chosen examples of another data set, in its order. */
class Subset implements ImageDataset {
    /** One for all experiments and seeds: what was looked at once is never trained on. */
    private static final long HELD_OUT_SEED = 1;

    private final ImageDataset whole;
    private final int[] indices;
    private final DatasetInfo info;

    private Subset(ImageDataset whole, int[] indices, Split split, String selection) {
        this.whole = whole;
        this.indices = indices;
        DatasetInfo parent = whole.info();
        this.info = new DatasetInfo(
                parent.name(),
                parent.source(),
                split,
                selection,
                indices.length,
                Digests.of(parent.digest() + " " + Arrays.toString(indices)),
                parent.normalization(),
                parent.classes());
    }

    /**
     * As many examples of each class as {@code count} allows: the numbers differ by at most one, as long as no class runs
     * out. A smaller count of the same seed chooses among a larger one's examples.
     *
     * @param key of a file that says the count, for messages
     * @param count at least 1; 0 stands for the whole data set
     * @throws UsageException if there are fewer than {@code count}
     */
    static ImageDataset balanced(ImageDataset whole, String key, int count, long seed) {
        DatasetInfo parent = whole.info();
        if (count > whole.size()) {
            throw new UsageException(
                    "%s %d: data set '%s' has %d (0 takes all)".formatted(key, count, parent.name(), whole.size()));
        }
        if (count == 0 || count == whole.size()) {
            return whole;
        }
        RandomGenerator random =
                Seeds.generator(seed, Seeds.Purpose.SUBSET, parent.split().coordinate());
        String selection = "%d of %d, balanced over classes, seed %d".formatted(count, whole.size(), seed);
        return of(whole, Arrays.copyOf(roundRobin(whole, random), count), parent.split(), selection);
    }

    /**
     * Holds training images out, balanced over classes and always the same ones.
     *
     * @param train all training images
     * @param count how many; 0 for none
     * @return those that remain, and those that are held out, which are of the split {@link Split#VALIDATION}; no such where there are none
     * @throws UsageException if nothing would remain
     */
    static List<ImageDataset> heldOut(ImageDataset train, int count) {
        if (count == 0) {
            return List.of(train);
        }
        if (count >= train.size()) {
            throw new UsageException("validationExamples %d: data set '%s' has %d training images, and some must remain"
                    .formatted(count, train.info().name(), train.size()));
        }
        int[] order = roundRobin(train, Seeds.generator(HELD_OUT_SEED, Seeds.Purpose.VALIDATION));
        int rest = train.size() - count;
        return List.of(
                of(
                        train,
                        Arrays.copyOfRange(order, count, order.length),
                        Split.TRAIN,
                        "%d of %d, the others held out".formatted(rest, train.size())),
                of(
                        train,
                        Arrays.copyOf(order, count),
                        Split.VALIDATION,
                        "%d of %d training images, held out, balanced over classes".formatted(count, train.size())));
    }

    private static ImageDataset of(ImageDataset whole, int[] chosen, Split split, String selection) {
        Arrays.sort(chosen);
        return whole instanceof DenseDataset dense
                ? new Dense(dense, chosen, split, selection)
                : new Subset(whole, chosen, split, selection);
    }

    /** Every index, so that any beginning is balanced: the classes take turns, each with its examples shuffled. */
    private static int[] roundRobin(ImageDataset whole, RandomGenerator random) {
        int classes = whole.classes().size();
        int[] shuffled = Seeds.permutation(whole.size(), random);
        int[] turn = Seeds.permutation(classes, random);
        int[] seen = new int[classes];
        long[] keys = new long[shuffled.length]; // (round, turn, index) in one long, to sort by
        for (int i = 0; i < shuffled.length; i++) {
            int label = whole.label(shuffled[i]);
            long place = (long) seen[label]++ * classes + turn[label];
            keys[i] = place << 32 | shuffled[i];
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** The data set that examples were chosen from, or from which those were. */
    static ImageDataset root(ImageDataset chosen) {
        ImageDataset root = chosen;
        while (root instanceof Subset subset) {
            root = subset.whole;
        }
        return root;
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public List<String> notices() {
        return whole.notices();
    }

    @Override
    public ImageShape shape() {
        return whole.shape();
    }

    @Override
    public Preprocessing.Resize resize() {
        return whole.resize();
    }

    @Override
    public int label(int index) {
        return whole.label(indices[index]);
    }

    @Override
    public void read(int index, float[] into, int offset) {
        whole.read(indices[index], into, offset);
    }

    @Override
    public void readForTraining(int index, RandomGenerator random, float[] into, int offset) {
        whole.readForTraining(indices[index], random, into, offset);
    }

    /** Chosen examples, each with the labels of its pixels. */
    private static final class Dense extends Subset implements DenseDataset {
        private final DenseDataset whole;
        private final int[] indices;

        Dense(DenseDataset whole, int[] indices, Split split, String selection) {
            super(whole, indices, split, selection);
            this.whole = whole;
            this.indices = indices;
        }

        @Override
        public List<String> pixelClasses() {
            return whole.pixelClasses();
        }

        @Override
        public void readLabels(int index, byte[] into, int offset) {
            whole.readLabels(indices[index], into, offset);
        }

        @Override
        public void read(int index, float[] image, int offset, byte[] labels, int labelOffset) {
            whole.read(indices[index], image, offset, labels, labelOffset);
        }

        @Override
        public void readForTraining(
                int index, RandomGenerator random, float[] image, int offset, byte[] labels, int labelOffset) {
            whole.readForTraining(indices[index], random, image, offset, labels, labelOffset);
        }
    }
}
