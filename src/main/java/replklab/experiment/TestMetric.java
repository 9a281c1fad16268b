package replklab.experiment;

import replklab.data.ImageDataset;
import replklab.stats.Metric;
import replklab.train.Logits;

/**
 * A number that a classifier's answers to the test images give, computed after each epoch: {@code metrics} in an experiment's file.
 * It gets a learning curve, and may be the one that decides. A class needs a public constructor that takes {@link
 * replklab.base.Options}, or nothing.
 */
public interface TestMetric {
    /** Its key, which no other metric of the experiment has, and how to print it. */
    Metric metric();

    /**
     * Computes it; the same number for the same answers.
     *
     * @param answers to every test image, in the data set's order
     * @param test the images, whose labels it knows
     * @return a number, NaN where there is none
     */
    double of(Logits answers, ImageDataset test);
}
