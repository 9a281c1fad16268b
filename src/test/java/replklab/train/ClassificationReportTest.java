package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import replklab.base.LabException;
import replklab.data.BatchLoader;
import replklab.data.DatasetInfo;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.data.Normalization;
import replklab.data.Split;
import replklab.nn.Layer;
import replklab.tensor.Tensor;
import replklab.train.ClassificationReport.Broken;
import replklab.train.ClassificationReport.ClassResult;

/** Counts of logits that are known. */
class ClassificationReportTest {
    private static class Echo extends Layer {
        @Override
        public Tensor forward(Tensor x) {
            if (isTraining()) {
                throw new AssertionError("evaluated in training mode");
            }
            return x.globalAveragePool();
        }
    }

    /** Images of one pixel whose channels are the logits that {@link Echo} gives for them. */
    private record Known(float[][] logits, int[] labels, int width) implements ImageDataset {
        @Override
        public DatasetInfo info() {
            return new DatasetInfo(
                    "known",
                    "made here",
                    Split.TEST,
                    DatasetInfo.ALL,
                    labels.length,
                    "0",
                    new Normalization(List.of(0.5), List.of(1.0)),
                    IntStream.range(0, width).mapToObj(c -> "class" + c).toList());
        }

        @Override
        public ImageShape shape() {
            return new ImageShape(1, 1, logits[0].length);
        }

        @Override
        public int label(int index) {
            return Math.abs(labels[index]);
        }

        @Override
        public void read(int index, float[] into, int offset) {
            if (labels[index] < 0) {
                throw new LabException("image " + index + " cannot be read");
            }
            System.arraycopy(logits[index], 0, into, offset, logits[index].length);
        }
    }

    private static ClassificationReport report(Known dataset, int batch) {
        return ClassificationReport.of(new Echo(), dataset, batch, Broken.STOPS, _ -> {}, () -> false);
    }

    @Test
    void countsTop1Top5AndWhatClassesAreTakenFor() {
        float[][] logits = {
            {9, 8, 7, 6, 5, 4, 3}, // first
            {9, 8, 7, 6, 5, 4, 3}, // second
            {9, 8, 7, 6, 5, 4, 3}, // fifth
            {9, 8, 7, 6, 5, 4, 3}, // sixth
            {1, 1, 1, 1, 1, 1, 1}, // of equals the first counts: fifth
            {1, 1, 1, 1, 1, 1, 1}, // sixth
            {0, 0, 0, 9, 0, 0, 0},
            {Float.NaN, 1, 1, 1, 1, 1, 1} // no number is never right
        };
        Known dataset = new Known(logits, new int[] {0, 1, 4, 5, 4, 5, 5, 0}, 7);
        ClassificationReport report = report(dataset, 3);
        assertThat(report.images()).isEqualTo(8);
        assertThat(report.isComplete()).isTrue();
        assertThat(report.top1()).isCloseTo(100.0 / 8, within(1e-9));
        assertThat(report.top5()).isCloseTo(100.0 * 4 / 8, within(1e-9));
        assertThat(report.classes())
                .extracting(ClassResult::name)
                .containsExactly("class0", "class1", "class4", "class5");
        ClassResult fifth = report.classes().get(3);
        assertThat(fifth).isEqualTo(new ClassResult("class5", 3, 0, "class0", 2));
        assertThat(report.worst(9)).extracting(ClassResult::images).containsExactly(1, 2, 3, 2);
        assertThat(report.worst(1)).hasSize(1);
        assertThat(report.seconds()).isPositive();
        assertThat(report.imagesPerSecond()).isPositive();
    }

    @Test
    void agreesWithTheTrainersEvaluationWhateverTheBatch() {
        SplittableRandom random = new SplittableRandom(1);
        float[][] logits = new float[53][4];
        int[] labels = new int[53];
        for (int i = 0; i < 53; i++) {
            labels[i] = random.nextInt(4);
            for (int k = 0; k < 4; k++) {
                logits[i][k] = (float) random.nextGaussian();
            }
        }
        Known dataset = new Known(logits, labels, 4);
        Evaluation evaluation = Evaluation.of(new Echo(), BatchLoader.forEvaluation(dataset, 7, 1));
        for (int batch : new int[] {1, 10, 53}) {
            ClassificationReport report = report(dataset, batch);
            assertThat(report.top1()).isCloseTo(evaluation.accuracy(), within(1e-9));
            assertThat(report.top5()).isEqualTo(100);
            assertThat(report.classes().stream().mapToInt(ClassResult::right).sum())
                    .isEqualTo((int) Math.round(evaluation.accuracy() * 53 / 100));
        }
    }

    /** Labels below zero are of broken images. */
    @Test
    void whatWasCountedBeforeABrokenImageIsNotLost() {
        Known dataset = new Known(new float[9][2], new int[] {0, 0, 0, 0, -1, 0, 0, -1, 0}, 2);
        ClassificationReport stopped = report(dataset, 2);
        assertThat(stopped.images()).isEqualTo(5);
        assertThat(stopped.top1()).isEqualTo(100);
        assertThat(stopped.broken()).containsExactly("image 4 cannot be read");
        assertThat(stopped.isComplete()).isFalse();
        ClassificationReport skipped =
                ClassificationReport.of(new Echo(), dataset, 2, Broken.IS_SKIPPED, _ -> {}, () -> false);
        assertThat(skipped.images()).isEqualTo(7);
        assertThat(skipped.top1()).isEqualTo(100);
        assertThat(skipped.broken()).containsExactly("image 4 cannot be read", "image 7 cannot be read");
        assertThat(skipped.isComplete()).isTrue();
    }

    @Test
    void stopsWithWhatItCounted() {
        Known dataset = new Known(new float[9][2], new int[9], 2);
        List<Integer> progress = new ArrayList<>();
        Layer model = new Echo().train(true);
        ClassificationReport report =
                ClassificationReport.of(model, dataset, 2, Broken.STOPS, progress::add, () -> progress.size() == 3);
        assertThat(progress).containsExactly(2, 4, 6);
        assertThat(report.images()).isEqualTo(6);
        assertThat(report.expected()).isEqualTo(9);
        assertThat(report.isComplete()).isFalse();
        assertThat(report.top1()).isEqualTo(100);
        assertThat(model.isTraining()).isTrue();
        assertThat(ClassificationReport.of(model, dataset, 2, Broken.STOPS, _ -> {}, () -> true)
                        .top1())
                .isNaN();
    }

    @Test
    void refusesAnotherNumberOfClasses() {
        Known three = new Known(new float[2][5], new int[2], 3);
        assertThatThrownBy(() -> report(three, 1))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("the model has 5 classes, made here has 3 (class0, class1, class2): classes");
        Known dataset = new Known(new float[2][5], new int[2], 4);
        assertThatThrownBy(() -> report(dataset, 1))
                .isInstanceOf(LabException.class)
                .hasMessage(
                        "the model has 5 classes, made here has 4 (class0, class1, class2, ...): classes are matched by"
                                + " the sorted names of their folders, so there must be as many, or --classes must name them (a part will do then)");
    }

    @Test
    void ofTheWorstClassesOnlyThoseWithErrors() {
        float[][] logits = {{1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {1, 0, 0}, {1, 0, 0}, {0, 1, 0}};
        ClassificationReport report = report(new Known(logits, new int[] {0, 1, 1, 1, 2, 2}, 3), 4);
        assertThat(report.worst(9)).extracting(ClassResult::name).containsExactly("class2", "class1");
        assertThat(report.classes())
                .containsExactly(
                        new ClassResult("class0", 1, 1, null, 0),
                        new ClassResult("class1", 3, 2, "class0", 1),
                        new ClassResult("class2", 2, 0, "class0", 1)); // as often for class1: the first counts
        assertThat(report.classes().get(1).top1()).isEqualTo(200.0 / 3, within(1e-9));
    }

    /** Whatever the machine, the moments that are seen from outside enclose those that count. */
    @Test
    void imagesPerSecondIsThatAfterTheFirstBatch() {
        Known dataset = new Known(new float[9][2], new int[9], 2);
        List<Long> forward = new ArrayList<>();
        List<Long> counted = new ArrayList<>();
        Echo model = new Echo() {
            @Override
            public Tensor forward(Tensor x) {
                passTime();
                forward.add(System.nanoTime());
                return super.forward(x);
            }
        };
        long before = System.nanoTime();
        ClassificationReport report = ClassificationReport.of(
                model, dataset, 8, Broken.STOPS, _ -> counted.add(System.nanoTime()), () -> false);
        long after = System.nanoTime();
        assertThat(report.seconds()).isBetween((counted.getLast() - forward.getFirst()) / 1e9, (after - before) / 1e9);
        assertThat(report.imagesPerSecond()) // of one image
                .isBetween(1e9 / (after - forward.getFirst()), 1e9 / (counted.getLast() - counted.getFirst()));
        ClassificationReport atOnce = report(dataset, 9);
        assertThat(atOnce.imagesPerSecond()).isEqualTo(9 / atOnce.seconds(), within(1e-6));
    }

    private static void passTime() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
