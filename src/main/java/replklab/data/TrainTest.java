package replklab.data;

import java.util.List;
import java.util.stream.Stream;
import replklab.base.Digests;
import replklab.base.LabException;

/**
 * The two halves of a data set.
 *
 * @param train what is learned from
 * @param test what accuracy is measured on, with the same classes and shape
 */
public record TrainTest(ImageDataset train, ImageDataset test) {
    public TrainTest {
        if (!train.classes().equals(test.classes()) || !train.shape().equals(test.shape())) {
            throw new LabException(
                    "%s: training images (%s, %d classes) and test images (%s, %d classes) do not go together"
                            .formatted(
                                    train.info().name(),
                                    train.shape(),
                                    train.classes().size(),
                                    test.shape(),
                                    test.classes().size()));
        }
    }

    /**
     * SHA-256 of both halves' digests: another one wherever an image, a label or a class is another, or others are chosen. What is
     * made of the images, their resolution and augmentation, is no part of it.
     */
    public String digest() {
        return Digests.of(train.info().digest() + " " + test.info().digest());
    }

    /** What {@link ImageDataset#notices} say of both halves, each once. */
    public List<String> notices() {
        return Stream.concat(train.notices().stream(), test.notices().stream())
                .distinct()
                .toList();
    }

    /** Shape of every image of both halves. */
    public ImageShape shape() {
        return train.shape();
    }

    /** Number of classes. */
    public int classes() {
        return train.classes().size();
    }
}
