package replklab.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import replklab.base.UsageException;

/**
 * Cuts a data set into batches, augments them, and makes them on worker threads ahead of the training step.
 *
 * <p>Batch k of epoch e is a function of (data set, batch size, augmentation, seed, e, k) alone: not of the number of
 * workers, of timing, or of whether the batches before it were made. A run that resumes in the middle of an epoch sees the
 * same bits.
 */
public final class BatchLoader {
    private final ImageDataset dataset;
    private final DenseDataset dense; // the same, or null if pixels have no labels or they are not wanted
    private final int batchSize;
    private final Augmentation augmentation;
    private final long seed;
    private final boolean training;
    private final int workers;
    private final float[] black;
    private volatile Order latestOrder;

    /** The examples of an epoch in the order of their positions. */
    private record Order(int epoch, int[] examples) {}

    private BatchLoader(
            ImageDataset dataset,
            DenseDataset dense,
            int batchSize,
            Augmentation augmentation,
            long seed,
            boolean training,
            int workers) {
        this.dataset = dataset;
        this.dense = dense;
        this.batchSize = batchSize;
        this.augmentation = augmentation;
        this.seed = seed;
        this.training = training;
        this.workers = workers;
        this.black = dataset.info().normalization().black();
        if (batchSize < 1) {
            throw new UsageException("batch size " + batchSize + ": must be at least 1");
        }
        if (workers < 1) {
            throw new UsageException("workers " + workers + ": must be at least 1");
        }
    }

    /**
     * Batches to learn from: shuffled anew each epoch and augmented; what is left over at the end of an epoch and does not
     * fill a batch is dropped.
     *
     * @param workers threads that make batches, at least 1
     * @throws UsageException if a number is out of range or the data set does not fill one batch
     */
    public static BatchLoader forTraining(
            ImageDataset dataset, int batchSize, Augmentation augmentation, long seed, int workers) {
        requireTrainable(dataset, batchSize, augmentation);
        return new BatchLoader(dataset, null, batchSize, augmentation, seed, true, workers);
    }

    /**
     * The same with the labels of the pixels, which move with them; those that come from outside of an image do not count.
     *
     * @throws UsageException also for mixup and cutmix, which mix the labels of whole images
     */
    public static BatchLoader forDenseTraining(
            DenseDataset dataset, int batchSize, Augmentation augmentation, long seed, int workers) {
        requireTrainable(dataset, batchSize, augmentation);
        if (augmentation.mixes()) {
            throw new UsageException("mixup %s, cutmix %s: they are for classification; pixels cannot be mixed"
                    .formatted(augmentation.mixup(), augmentation.cutmix()));
        }
        return new BatchLoader(dataset, dataset, batchSize, augmentation, seed, true, workers);
    }

    private static void requireTrainable(ImageDataset dataset, int batchSize, Augmentation augmentation) {
        ImageShape shape = dataset.shape();
        if (batchSize > dataset.size()) {
            throw new UsageException("batch size %d: more than the %d training examples of '%s'"
                    .formatted(batchSize, dataset.size(), dataset.info().name()));
        }
        if (augmentation.cropPadding() >= Math.min(shape.height(), shape.width())) {
            throw new UsageException("cropPadding %d: must be less than the sides of a %s image"
                    .formatted(augmentation.cropPadding(), shape));
        }
    }

    /** Batches to measure on: every example once, in the data set's order, as it is; the last batch may be smaller. */
    public static BatchLoader forEvaluation(ImageDataset dataset, int batchSize, int workers) {
        return new BatchLoader(dataset, null, batchSize, Augmentation.NONE, 0, false, workers);
    }

    /** The same with the labels of the pixels. */
    public static BatchLoader forDenseEvaluation(DenseDataset dataset, int batchSize, int workers) {
        return new BatchLoader(dataset, dataset, batchSize, Augmentation.NONE, 0, false, workers);
    }

    /** Number of batches in every epoch. */
    public int batchesPerEpoch() {
        return training ? dataset.size() / batchSize : Math.ceilDiv(dataset.size(), batchSize);
    }

    /**
     * The batches of an epoch, from {@code firstBatch} on, made ahead on worker threads. Close what is returned.
     *
     * @param epoch from 0
     * @param firstBatch from 0 to {@link #batchesPerEpoch()}; more than 0 to resume
     */
    public BatchStream epoch(int epoch, int firstBatch) {
        if (epoch < 0) {
            throw new IndexOutOfBoundsException("epoch " + epoch);
        }
        Objects.checkIndex(firstBatch, batchesPerEpoch() + 1);
        return new BatchStream((index, stopped) -> make(epoch, index, stopped), firstBatch, batchesPerEpoch(), workers);
    }

    /** One batch, made in the calling thread: the same bits that {@link #epoch} delivers. */
    public Batch batch(int epoch, int index) {
        return make(epoch, Objects.checkIndex(index, batchesPerEpoch()), () -> false);
    }

    private Batch make(int epoch, int index, BooleanSupplier stopped) {
        ImageShape shape = dataset.shape();
        int[] order = order(epoch);
        int start = index * batchSize;
        int size = Math.min(batchSize, order.length - start);
        int classes = dataset.classes().size();
        float[] images = new float[Math.multiplyExact(size, shape.values())];
        int[] labels = new int[size];
        float[] targets = new float[size * classes];
        float[] scratch = training ? new float[shape.values()] : null;
        byte[] pixels = new byte[dense == null ? 0 : size * shape.pixels()];
        for (int i = 0; i < size; i++) {
            if (stopped.getAsBoolean()) {
                throw new CancellationException("the consumer stopped");
            }
            int example = order[start + i];
            if (training) {
                RandomGenerator random = Seeds.generator(seed, Seeds.Purpose.EXAMPLE, epoch, start + i);
                augment(example, random, scratch, images, pixels, i);
            } else if (dense != null) {
                dense.read(example, images, i * shape.values(), pixels, i * shape.pixels());
            } else {
                dataset.read(example, images, i * shape.values());
            }
            labels[i] = dataset.label(example);
            targets[i * classes + labels[i]] = 1;
        }
        if (augmentation.mixes()) {
            RandomGenerator random = Seeds.generator(seed, Seeds.Purpose.MIX, epoch, index);
            BatchMix.draw(augmentation, shape, random).apply(images, targets, size, shape, classes);
        }
        return new Batch(images, size, shape, labels, targets, unsigned(pixels));
    }

    private static int[] unsigned(byte[] labels) {
        int[] unsigned = new int[labels.length];
        Arrays.setAll(unsigned, i -> labels[i] & 0xFF);
        return unsigned;
    }

    /** Makes the image of a place in the batch, and the labels of its pixels if they are wanted. */
    private void augment(
            int example, RandomGenerator random, float[] scratch, float[] images, byte[] pixels, int place) {
        ImageShape shape = dataset.shape();
        int offset = place * shape.values();
        Geometry geometry = Geometry.draw(augmentation, random);
        if (geometry.isIdentity()) {
            readForTraining(example, random, images, offset, pixels, place * shape.pixels());
        } else {
            byte[] still = new byte[dense == null ? 0 : shape.pixels()];
            readForTraining(example, random, scratch, 0, still, 0);
            geometry.apply(scratch, images, offset, shape, black);
            if (dense != null) {
                geometry.apply(still, pixels, place * shape.pixels(), shape, (byte) DenseDataset.IGNORED);
            }
        }
        if (random.nextDouble() < augmentation.erasing()) {
            RandomErasing.draw(shape, random).ifPresent(erasing -> erasing.apply(images, offset, shape, random));
        }
    }

    private void readForTraining(
            int example, RandomGenerator random, float[] image, int offset, byte[] pixels, int pixelOffset) {
        if (dense == null) {
            dataset.readForTraining(example, random, image, offset);
        } else {
            dense.readForTraining(example, random, image, offset, pixels, pixelOffset);
        }
    }

    private int[] order(int epoch) {
        Order order = latestOrder; // two threads may both compute it: they come to the same
        if (order == null || (training && order.epoch() != epoch)) {
            order = new Order(epoch, training ? shuffled(epoch) : identity());
            latestOrder = order;
        }
        return order.examples();
    }

    private int[] shuffled(int epoch) {
        return Seeds.permutation(dataset.size(), Seeds.generator(seed, Seeds.Purpose.ORDER, epoch));
    }

    private int[] identity() {
        int[] order = new int[dataset.size()];
        Arrays.setAll(order, i -> i);
        return order;
    }
}
