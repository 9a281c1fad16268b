package replklab.data;

import replklab.base.Factory;

/**
 * Opens a data set of the user's own: {@link ImageDataset}s, or {@link DenseDataset}s if their pixels have labels. A notebook
 * registers a lambda ({@link Datasets#register}); a public class with a constructor without parameters is named by its full name.
 */
@FunctionalInterface
public interface DatasetFactory extends Factory<DatasetRequest, TrainTest> {
    /**
     * Both halves, whole: the limits of the file are applied to them. The digests of their {@link DatasetInfo} must tell other
     * images from these, since finished runs count for as long as they stay.
     *
     * @throws replklab.base.LabException if the data cannot be read
     */
    @Override
    TrainTest make(DatasetRequest asked);
}
