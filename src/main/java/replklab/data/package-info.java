/**
 * Data sets and their augmentation: images as NHWC float32, normalised, in batches that depend on nothing but a seed, an
 * epoch and a position.
 *
 * <p>{@link replklab.data.Datasets#open} turns a {@link replklab.data.DatasetSpec} into a
 * {@link replklab.data.TrainTest}; a {@link replklab.data.BatchLoader} decodes and augments either half ahead of the
 * training step.
 */
package replklab.data;
