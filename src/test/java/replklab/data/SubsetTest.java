package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;

class SubsetTest {
    private static final ImageShape SHAPE = new ImageShape(1, 1, 1);
    private final FakeDataset whole = FakeDataset.roundRobin(SHAPE, 100, 4);

    @Test
    void classesDifferByAtMostOne() {
        for (int count : new int[] {1, 3, 4, 30, 31, 99}) {
            ImageDataset subset = Subset.balanced(whole, "trainExamples", count, 7);
            int[] perClass = new int[4];
            IntStream.range(0, subset.size()).forEach(i -> perClass[subset.label(i)]++);
            assertThat(Arrays.stream(perClass).sum()).isEqualTo(count);
            assertThat(Arrays.stream(perClass).max().getAsInt()
                            - Arrays.stream(perClass).min().getAsInt())
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aSeedChoosesOnceAndAnotherDifferently() {
        assertThat(examples(Subset.balanced(whole, "trainExamples", 20, 1)))
                .isEqualTo(examples(Subset.balanced(whole, "trainExamples", 20, 1)));
        assertThat(examples(Subset.balanced(whole, "trainExamples", 20, 1)))
                .isNotEqualTo(examples(Subset.balanced(whole, "trainExamples", 20, 2)));
        assertThat(examples(Subset.balanced(whole, "trainExamples", 20, 1)))
                .isSubsetOf(examples(Subset.balanced(whole, "trainExamples", 41, 1)));
    }

    @Test
    void aClassThatRunsOutLeavesItsTurnsToTheOthers() {
        var skewed = new FakeDataset(SHAPE, Split.TEST, 3, 0, 0, 0, 0, 0, 1, 2, 2, 2);
        ImageDataset subset = Subset.balanced(skewed, "trainExamples", 7, 3);
        assertThat(IntStream.range(0, 7).map(subset::label)).containsExactly(0, 0, 0, 1, 2, 2, 2);
    }

    @Test
    void infoTellsTheSelection() {
        DatasetInfo one = Subset.balanced(whole, "trainExamples", 20, 1).info();
        DatasetInfo two = Subset.balanced(whole, "trainExamples", 20, 2).info();
        assertThat(one.count()).isEqualTo(20);
        assertThat(one.selection()).isEqualTo("20 of 100, balanced over classes, seed 1");
        assertThat(one.digest()).hasSize(64).isNotEqualTo(two.digest());
    }

    @Test
    void zeroIsAllAndMoreThanAllIsRefused() {
        assertThat(Subset.balanced(whole, "trainExamples", 0, 1)).isSameAs(whole);
        assertThatThrownBy(() -> Subset.balanced(whole, "trainExamples", 101, 1))
                .isInstanceOf(UsageException.class)
                .hasMessage("trainExamples 101: data set 'fake' has 100 (0 takes all)");
    }

    @Test
    void whatIsHeldOutIsAlwaysTheSameAndNeverAmongTheRest() {
        List<ImageDataset> parts = Subset.heldOut(whole, 30);
        ImageDataset rest = parts.getFirst();
        ImageDataset held = parts.getLast();
        assertThat(held.size()).isEqualTo(30);
        assertThat(held.info().split()).isEqualTo(Split.VALIDATION);
        assertThat(held.info().selection()).isEqualTo("30 of 100 training images, held out, balanced over classes");
        assertThat(rest.info().split()).isEqualTo(Split.TRAIN);
        assertThat(examples(held)).doesNotContainAnyElementsOf(examples(rest));
        assertThat(examples(rest)).hasSize(70);
        assertThat(examples(held)).isEqualTo(examples(Subset.heldOut(whole, 30).getLast()));
        assertThat(Subset.root(Subset.balanced(held, "testExamples", 3, 1))).isSameAs(whole);
        assertThat(Subset.heldOut(whole, 0)).containsExactly(whole);
        assertThatThrownBy(() -> Subset.heldOut(whole, 100))
                .isInstanceOf(UsageException.class)
                .hasMessage("validationExamples 100: data set 'fake' has 100 training images, and some must remain");
    }

    private static Set<Float> examples(ImageDataset dataset) {
        var found = new TreeSet<Float>();
        float[] image = new float[1];
        for (int i = 0; i < dataset.size(); i++) {
            dataset.read(i, image, 0);
            found.add(image[0]);
        }
        return found;
    }
}
