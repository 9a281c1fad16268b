package replklab.data;

import java.util.Locale;

/** Which part of a data set: what is learned from, what a claim is tested on, or what everything before that may look at. */
public enum Split {
    TRAIN(0),
    TEST(1),
    /** Held out from the training images: designs are chosen on these, so that the test images remain unseen. */
    VALIDATION(2);

    private final int coordinate;

    Split(int coordinate) {
        this.coordinate = coordinate;
    }

    /** What tells random numbers of one part from those of another. */
    int coordinate() {
        return coordinate;
    }

    /** {@code train}, {@code test} or {@code validation}, as it stands in logs and messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
