package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.data.Split;

class ReadableImagesTest {
    private static final int VALUES = 64;

    /** Every third image fails when half of it is read. */
    private static final class Torn extends Blobs {
        Torn() {
            super(Split.TEST, 9);
        }

        @Override
        public void read(int index, float[] into, int offset) {
            super.read(index, into, offset);
            if (index % 3 == 1) {
                Arrays.fill(into, offset + VALUES / 2, offset + VALUES, 7);
                throw new LabException("image " + index + " is torn");
            }
        }
    }

    @Test
    void aBrokenImageIsBlackAndItsNeighboursAreAsTheyWere() {
        ReadableImages images = new ReadableImages(new Torn());
        float[] three = new float[3 * VALUES];
        Arrays.fill(three, 5);
        images.read(4, three, VALUES);
        float[] expected = new float[3 * VALUES];
        Arrays.fill(expected, 5);
        Arrays.fill(expected, VALUES, 2 * VALUES, 0);
        assertThat(three).containsExactly(expected);
        images.read(0, three, 0);
        assertThat(Arrays.copyOf(three, VALUES)).doesNotContain(5, 0);
    }

    @Test
    void remembersTheBrokenOnesInOrder() {
        ReadableImages images = new ReadableImages(new Torn());
        for (int index : new int[] {7, 8, 1, 4, 0}) {
            images.read(index, new float[VALUES], 0);
        }
        assertThat(images.isBroken(7)).isTrue();
        assertThat(images.isBroken(8)).isFalse();
        assertThat(images.broken(9)).containsExactly("image 1 is torn", "image 4 is torn", "image 7 is torn");
        assertThat(images.broken(7)).as("of the first seven").containsExactly("image 1 is torn", "image 4 is torn");
    }
}
