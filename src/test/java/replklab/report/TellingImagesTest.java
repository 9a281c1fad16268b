package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TellingImagesTest {
    private static double[] shares(double... shares) {
        return shares;
    }

    /** Images 1 and 3 tell for the first one, 2 and 4 for the second; nothing tells of 0 and 5. */
    @Test
    void ofTwoVariantsEachIsRightWhereTheOtherIsWrong() {
        List<double[]> shares = List.of(shares(1, 1, 0.5, 1, 0, 0), shares(1, 0.5, 1, 0, 1, 0));
        assertThat(TellingImages.choose(shares, 24))
                .containsExactly(
                        new TellingImages.Group(0, true, List.of(3, 1)),
                        new TellingImages.Group(1, true, List.of(4, 2)));
        assertThat(TellingImages.choose(shares, 2))
                .containsExactly(
                        new TellingImages.Group(0, true, List.of(3)), new TellingImages.Group(1, true, List.of(4)));
    }

    @Test
    void ofThreeVariantsEachIsSetAgainstTheMeanOfTheOthers() {
        List<double[]> shares = List.of(shares(1, 0, 0.2), shares(0, 1, 0.2), shares(0, 1, 0.4));
        assertThat(TellingImages.choose(shares, 6))
                .as("image 0 goes to the first one, which it tells most of, and image 2 to the last one")
                .startsWith(
                        new TellingImages.Group(0, true, List.of(0)),
                        new TellingImages.Group(0, false, List.of(1)),
                        new TellingImages.Group(1, true, List.of()))
                .contains(new TellingImages.Group(1, false, List.of(2)))
                .hasSize(6);
    }

    @Test
    void theFirstOfEqualsIsChosen() {
        List<double[]> shares = List.of(shares(0, 1, 1, 1), shares(0, 0, 0, 0));
        assertThat(TellingImages.choose(shares, 4).getFirst().images()).containsExactly(1, 2);
    }

    @Test
    void oneVariantDiffersFromNone() {
        assertThat(TellingImages.choose(List.of(shares(0, 1)), 24)).isEmpty();
    }

    @Test
    void noImageIsChosenTwiceAndNoMoreThanAsked() {
        Random random = new Random(1);
        for (int variants = 2; variants <= 12; variants++) {
            List<double[]> shares = IntStream.range(0, variants)
                    .mapToObj(_ -> random.ints(50, 0, 4)
                            .mapToDouble(right -> right / 3.0)
                            .toArray())
                    .toList();
            List<TellingImages.Group> chosen = TellingImages.choose(shares, 24);
            List<Integer> images = chosen.stream()
                    .map(TellingImages.Group::images)
                    .flatMap(Collection::stream)
                    .toList();
            assertThat(images).doesNotHaveDuplicates().hasSizeBetween(variants, 24);
            assertThat(TellingImages.choose(shares, 24)).isEqualTo(chosen);
        }
    }
}
