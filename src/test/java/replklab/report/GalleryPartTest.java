package replklab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.stats.RunRow;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class GalleryPartTest {
    private static final List<RunRow> RUNS = Shortcuts.runs(1);

    @TempDir
    Path folder;

    private static int count(String page, String pattern) {
        return (int) Pattern.compile(pattern).matcher(page).results().count();
    }

    @Test
    void aMatrixCountsEveryAnswerOnce() {
        for (VariantAnswers variant : VariantAnswers.of(Answered.by(RUNS))) {
            ConfusionMatrix matrix = ConfusionMatrix.of(Answered.CLASSES, variant.runs());
            assertThat(IntStream.range(0, 3).mapToLong(matrix::of).sum()).isEqualTo(Answered.IMAGES * 5L);
            assertThat(IntStream.range(0, 3).mapToLong(c -> matrix.count(c, c)).sum())
                    .as("right ones")
                    .isEqualTo(IntStream.range(0, Answered.IMAGES)
                            .mapToLong(variant::right)
                            .sum());
            for (int truth = 0; truth < 3; truth++) {
                int row = truth;
                assertThat(IntStream.range(0, 3)
                                .mapToDouble(said -> matrix.percent(row, said))
                                .sum())
                        .isCloseTo(100, within(1e-9));
            }
        }
    }

    @Test
    void aVariantSaysWhatMostOfItsSeedsSay() {
        List<String> truth = List.of("Shirt", "Shirt");
        VariantAnswers variant = new VariantAnswers(
                "v",
                List.of(
                        new RunAnswers(RUNS.get(0), truth, List.of("Coat", "Shirt")),
                        new RunAnswers(RUNS.get(1), truth, List.of("Shirt", "Coat")),
                        new RunAnswers(RUNS.get(2), truth, List.of("Shirt", "Bag"))));
        assertThat(variant.said(0)).isEqualTo("Shirt");
        assertThat(variant.said(1)).as("of equals the first").isEqualTo("Shirt");
        assertThat(variant.shares()).containsExactly(2 / 3.0, 1 / 3.0);
    }

    @Test
    void everyVariantHasAMatrixAndImages() {
        String page = Answered.page(Answered.gallery(Answered.by(RUNS)));
        assertThat(count(page, "<table class=\"matrix\">")).isEqualTo(4);
        assertThat(count(page, "<caption>[^<]+ \\(5 seeds\\)</caption>")).isEqualTo(4);
        assertThat(count(page, "<tr><td><img [^>]*alt=\"Test image \\d+, ")).isBetween(8, 24);
        assertThat(count(page, "<small>[0-5] of 5</small>")).isEqualTo(4 * count(page, "<tr><td><img "));
        assertThat(page).contains("What is confused most", "right more often than the others");
    }

    @Test
    void namesAreText() {
        String page = Answered.page(Answered.gallery(Answered.by(RUNS), "a <b> note"));
        assertThat(page)
                .contains("Coat &amp; &lt;hat&gt;", "<p>a &lt;b&gt; note</p>")
                .doesNotContain("<hat>", "alt=\"Test image 2, \"")
                .doesNotContain("http");
    }

    @Test
    void oneSeedIsEnough() {
        List<RunRow> one = RUNS.stream().filter(run -> run.seed() == 1).toList();
        String page = Answered.page(Answered.gallery(Answered.by(one)));
        assertThat(count(page, "\\(1 seed\\)</caption>")).isEqualTo(4);
        assertThat(page).containsPattern("[01] of 1</small>").doesNotContainPattern("[2-9] of 1</small>");
    }

    @Test
    void oneVariantHasNothingToDifferFrom() {
        String page = Answered.page(Answered.gallery(Answered.by(RUNS.subList(0, 5))));
        assertThat(count(page, "<table class=\"matrix\">")).isEqualTo(1);
        assertThat(page).doesNotContain("Where the variants differ");
    }

    @Test
    void whereNothingWasKeptOnlyNotesAreShown() {
        assertThat(Answered.page(Answered.gallery(List.of()))).doesNotContain("<h2>");
        assertThat(Answered.page(Answered.gallery(List.of(), "2 runs diverged.")))
                .contains("<h2>Predictions and confusions</h2>\n<p>2 runs diverged.</p>")
                .doesNotContain("<table");
    }

    @Test
    void manyClassesHaveNoMatrices() {
        List<String> classes =
                IntStream.range(0, 21).mapToObj(i -> "class " + i).toList();
        List<RunAnswers> answers = List.of(new RunAnswers(RUNS.getFirst(), classes, classes.reversed()));
        String page = Answered.page(new Gallery(
                classes, answers, _ -> Optional.empty(), List.of(), Optional.empty(), List.of(), Optional.empty()));
        assertThat(page)
                .contains("21 classes are too many for matrices.", "<td>class 0</td>\n<td>class 20</td>")
                .doesNotContain("<table class=\"matrix\">");
    }

    @Test
    void classesOfPixelsHaveScoresAndPictures() {
        Table scores = Table.create(StringColumn.create("class", "bag"), StringColumn.create("kernel 3", "12.0 ± 1.0"));
        Gallery.Sheet sheet = new Gallery.Sheet("kernel <3>", "images \"and\" labels", new byte[] {1, 2, 3});
        String page = Answered.page(new Gallery(
                List.of(),
                List.of(),
                _ -> Optional.empty(),
                List.of(),
                Optional.of(scores),
                List.of(sheet),
                Optional.of(sheet)));
        assertThat(page)
                .contains("<h2>Classes of pixels</h2>", "<h2>Receptive fields</h2>", ">12.0 ± 1.0</td>")
                .contains("kernel &lt;3&gt;", "alt=\"images &quot;and&quot; labels\"")
                .doesNotContain("Predictions and confusions");
    }

    @Test
    void answersAreReadFromWhatARunKept() throws IOException {
        Path file = folder.resolve("predictions.csv");
        RunRow run = RUNS.getFirst();
        assertThat(RunAnswers.read(run, file)).isEmpty();
        Files.writeString(file, "image,label,predicted,probability\n0,\"Coat, long\",Shirt,0.5\n1,Bag,Bag,0.9\n");
        assertThat(RunAnswers.read(run, file))
                .contains(new RunAnswers(run, List.of("Coat, long", "Bag"), List.of("Shirt", "Bag")));
        Files.writeString(file, "image,label,pixel_accuracy,miou\n0,Bag,1,2\n");
        assertThat(RunAnswers.read(run, file)).as("of pixels").isEmpty();
    }

    @Test
    void answersToOtherImagesAreNotMixed() {
        List<RunAnswers> mixed = List.of(
                new RunAnswers(RUNS.get(0), List.of("Bag"), List.of("Bag")),
                new RunAnswers(RUNS.get(1), List.of("Coat"), List.of("Bag")));
        assertThatThrownBy(() -> Answered.gallery(mixed)).hasMessageContaining("the same images");
    }
}
