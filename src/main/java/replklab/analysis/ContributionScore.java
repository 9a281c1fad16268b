package replklab.analysis;

import java.util.Arrays;
import java.util.List;
import replklab.base.LabException;
import replklab.base.UsageException;

/**
 * How much each input pixel contributes to a network's centre feature: the effective receptive field as the authors measure
 * it (section 5, appendix B, after Kim et al., arXiv:2110.11114). {@link EffectiveReceptiveField} makes it.
 *
 * <p>Sums are kept in double precision. Pictures and area ratios are made of the images' {@linkplain #mean mean}, as the
 * authors' are; {@link #total} is what {@code ./lab erf} writes.
 */
public final class ContributionScore {
    private final int height;
    private final int width;
    private final int images;
    private final double[] total;

    private ContributionScore(int height, int width, int images, double[] total) {
        this.height = height;
        this.width = width;
        this.images = images;
        this.total = total;
    }

    /**
     * A score from numbers.
     *
     * @param height of the images, in pixels
     * @param width of the images, in pixels
     * @param images how many were summed, at least 1
     * @param total their sum, row-major, (height, width); finite and not negative
     */
    public static ContributionScore of(int height, int width, int images, double[] total) {
        if (height < 1 || width < 1 || images < 1 || total.length != (long) height * width) {
            throw new UsageException(
                    "a contribution score of %d images of %dx%d pixels from %d numbers; it takes one a pixel"
                            .formatted(images, height, width, total.length));
        }
        for (double value : total) {
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new LabException("the contribution score has the value " + value
                        + ": the network's gradient is not finite, so its weights or the images have NaN or overflow");
            }
        }
        return new ContributionScore(height, width, images, total.clone());
    }

    /** Height of the images in pixels. */
    public int height() {
        return height;
    }

    /** Width of the images in pixels. */
    public int width() {
        return width;
    }

    /** How many images were looked at. */
    public int images() {
        return images;
    }

    /** The sum over the images, row-major, (height, width). */
    public double[] total() {
        return total.clone();
    }

    /** The mean over the images, row-major, (height, width). */
    public double[] mean() {
        return Arrays.stream(total).map(value -> value / images).toArray();
    }

    /** The sum of this score and another one's of images of the same size. */
    public ContributionScore plus(ContributionScore other) {
        if (other.height != height || other.width != width) {
            throw new UsageException("contribution scores of %dx%d and of %dx%d pixels do not add up"
                    .formatted(height, width, other.height, other.width));
        }
        double[] sum = total.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.total[i];
        }
        return new ContributionScore(height, width, images + other.images, sum);
    }

    /** log10(mean + 1), row-major, (height, width): what the authors' pictures show and their areas are taken on. */
    public double[] logarithmic() {
        return Arrays.stream(total)
                .map(value -> Math.log1p(value / images) / Math.log(10))
                .toArray();
    }

    /**
     * The same divided by its largest value, as rows, for a picture.
     *
     * @throws LabException if the score is zero everywhere
     */
    public double[][] picture() {
        double[] values = logarithmic();
        double largest = Arrays.stream(values).max().orElseThrow();
        requirePositive(largest);
        double[][] rows = new double[height][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = values[i] / largest;
        }
        return rows;
    }

    /**
     * The area that holds a share of {@link #logarithmic}, as in table 10.
     *
     * @param share of the whole, above 0 and below 1
     */
    public ContributionArea area(double share) {
        return ContributionArea.of(logarithmic(), height, width, share);
    }

    /** The areas of table 10: {@link ContributionArea#SHARES}. */
    public List<ContributionArea> areas() {
        double[] values = logarithmic();
        return ContributionArea.SHARES.stream()
                .map(share -> ContributionArea.of(values, height, width, share))
                .toList();
    }

    /**
     * How far from the centre a contribution comes, in pixels: the root of the mean squared distance, weighted by the score
     * itself and not its logarithm. Unlike an area, it does not change when all gradients are twice as large.
     *
     * @throws LabException if the score is zero everywhere
     */
    public double radius() {
        double weights = 0;
        double squares = 0;
        for (int i = 0; i < total.length; i++) {
            int dy = i / width - height / 2;
            int dx = i % width - width / 2;
            weights += total[i];
            squares += total[i] * ((double) dy * dy + (double) dx * dx);
        }
        requirePositive(weights);
        return Math.sqrt(squares / weights);
    }

    static void requirePositive(double sum) {
        if (!(sum > 0)) {
            throw new LabException("the contribution score is zero everywhere: on these images no feature of the last"
                    + " stage is positive at the centre, or nothing leads there");
        }
    }
}
