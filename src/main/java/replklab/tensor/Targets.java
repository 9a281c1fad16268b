package replklab.tensor;

import replklab.base.UsageException;

/**
 * What softmax cross-entropy compares rows of logits with: a class a row, or a distribution over the classes a row. The arrays
 * are copied when they are given, and are not to be changed when they are read.
 *
 * @param labels class of each row, or null
 * @param distribution rows of class probabilities, each summing to one, or null
 * @param smoothing share of the probability that is spread evenly over all classes (Szegedy et al. 2016), 0 to below 1
 * @param ignored label of rows that do not count, or {@link #NONE_IGNORED}
 */
public record Targets(int[] labels, float[] distribution, float smoothing, int ignored) {
    /** No label is ignored. */
    public static final int NONE_IGNORED = Integer.MIN_VALUE;

    public Targets {
        if ((labels == null) == (distribution == null)) {
            throw new UsageException("targets need either labels or a distribution");
        }
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new UsageException("label smoothing is " + smoothing + "; allowed is 0 up to, not including, 1");
        }
        // The gradient reads them again: by then the caller may have filled its arrays with the next batch.
        labels = labels == null ? null : labels.clone();
        distribution = distribution == null ? null : distribution.clone();
    }

    /** A class a row. */
    public static Targets labels(int... labels) {
        return new Targets(labels, null, 0, NONE_IGNORED);
    }

    /** A distribution over the classes a row, row by row: for mixup and cutmix. */
    public static Targets distribution(float... distribution) {
        return new Targets(null, distribution, 0, NONE_IGNORED);
    }

    /** These targets with label smoothing. */
    public Targets smoothed(double share) {
        return new Targets(labels, distribution, (float) share, ignored);
    }

    /** These targets without the rows of one label, for dense prediction. */
    public Targets ignoring(int label) {
        return new Targets(labels, distribution, smoothing, label);
    }

    /** Whether row {@code row} counts. */
    public boolean counts(int row) {
        return labels == null || labels[row] != ignored;
    }

    /** The probability that row {@code row} should give to {@code category}, smoothing included. */
    public float probability(int row, int category, int classes) {
        float wanted = labels == null ? distribution[row * classes + category] : labels[row] == category ? 1 : 0;
        return (1 - smoothing) * wanted + smoothing / classes;
    }

    /** Throws unless there is one target for each of {@code rows} rows of {@code classes} classes. */
    void requireFor(int rows, int classes) {
        if (labels == null) {
            if (distribution.length != rows * classes) {
                throw new UsageException("target distribution has " + distribution.length + " numbers; " + rows
                        + " rows of " + classes + " classes need " + (long) rows * classes);
            }
            return;
        }
        if (labels.length != rows) {
            throw new UsageException("there are " + labels.length + " labels for " + rows + " rows of logits");
        }
        for (int row = 0; row < rows; row++) {
            if (labels[row] != ignored && (labels[row] < 0 || labels[row] >= classes)) {
                throw new UsageException("label " + labels[row] + " of row " + row + "; allowed are 0 to "
                        + (classes - 1)
                        + (ignored == NONE_IGNORED ? "" : " and " + ignored + ", which is ignored"));
            }
        }
    }
}
