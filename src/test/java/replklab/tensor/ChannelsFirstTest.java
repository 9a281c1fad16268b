package replklab.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChannelsFirstTest {
    /** Two images of two rows, three columns and four channels: the digits of a value are its place. */
    @Test
    void valuesKeepTheirPlaces() {
        float[] channelsFirst = new float[2 * 4 * 2 * 3];
        float[] channelsLast = new float[channelsFirst.length];
        for (int n = 0; n < 2; n++) {
            for (int c = 0; c < 4; c++) {
                for (int y = 0; y < 2; y++) {
                    for (int x = 0; x < 3; x++) {
                        float place = 1000 * n + 100 * y + 10 * x + c;
                        channelsFirst[((n * 4 + c) * 2 + y) * 3 + x] = place;
                        channelsLast[((n * 2 + y) * 3 + x) * 4 + c] = place;
                    }
                }
            }
        }
        Tensor images = ChannelsFirst.tensor(channelsFirst, 2, 4, 2, 3);
        assertThat(images.shape()).isEqualTo(Shape.of(2, 2, 3, 4));
        assertThat(images.toArray()).isEqualTo(channelsLast);
        assertThat(ChannelsFirst.shape(images.shape())).isEqualTo(Shape.of(2, 4, 2, 3));
        assertThat(ChannelsFirst.values(images)).isEqualTo(channelsFirst);
    }
}
