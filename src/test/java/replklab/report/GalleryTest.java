package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

class GalleryTest {
    private static final List<RunRow> RUNS = Shortcuts.runs(1);
    private final Gallery gallery = Answered.gallery(Answered.by(RUNS));

    @Test
    void theMeanOverImagesIsTheAccuracy() {
        for (RunAnswers answers : gallery.answers()) {
            double[] scores = gallery.accuracies(answers.run()).orElseThrow();
            long right =
                    IntStream.range(0, Answered.IMAGES).filter(answers::isRight).count();
            assertThat(scores).hasSize(Answered.IMAGES);
            assertThat(DoubleStream.of(scores).sum()).isEqualTo(100.0 * right);
        }
    }

    @Test
    void whatDivergedHasItsGuessOnEachImage() {
        RunRow diverged = new RunRow(
                RUNS.getFirst().variant(), 9, RunEnd.DIVERGED, Map.of("accuracy", 10.0), List.of(), 1, "", "");
        assertThat(gallery.accuracies(diverged).orElseThrow())
                .hasSize(Answered.IMAGES)
                .containsOnly(10.0);
    }

    @Test
    void whoKeptNothingHasNone() {
        assertThat(Answered.gallery(List.of()).accuracies(RUNS.getFirst())).isEmpty();
        List<RunAnswers> others = Answered.by(RUNS.subList(1, 3));
        assertThat(Answered.gallery(others).accuracies(RUNS.getFirst())).isEmpty();
    }
}
