package replklab.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import replklab.report.Shortcuts;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

class ChartDataTest {
    private static final List<RunRow> RUNS = Shortcuts.runs();

    private static CurveData curves(List<RunRow> runs) {
        return (CurveData) Charts.curveData(runs, Shortcuts.ACCURACY).orElseThrow();
    }

    @Test
    void aVariantHasAPointAnEpochAndAPointEverySeed() {
        CurveData data = curves(RUNS);
        assertThat(data.series()).hasSize(4);
        for (CurveData.Series series : data.series()) {
            assertThat(series.points()).hasSize(10);
            assertThat(series.color()).matches("#[0-9a-f]{6}");
            for (CurveData.Point point : series.points()) {
                assertThat(point.low()).isLessThanOrEqualTo(point.y());
                assertThat(point.y()).isLessThanOrEqualTo(point.high());
                assertThat(List.of(point.x(), point.low(), point.high())).allMatch(place -> place >= 0 && place <= 1);
                assertThat(point.text())
                        .matches("epoch \\d+: [\\d.]+ %, 95 % interval [\\d.]+ to [\\d.]+; seeds 1: .*, 5: [\\d.]+");
            }
        }
    }

    @Test
    void oneSeedHasNoInterval() {
        CurveData data = curves(RUNS.subList(0, 1));
        assertThat(data.series().getFirst().points().getFirst().text()).matches("epoch 1: [\\d.]+ %; seed 1: [\\d.]+");
    }

    @Test
    void whatDivergedEndsWhereItDid() {
        RunRow first = RUNS.getFirst();
        RunRow cut = new RunRow(
                first.variant(),
                1,
                RunEnd.DIVERGED,
                first.metrics(),
                first.curve().subList(0, 3),
                1,
                "",
                "",
                "at step 7");
        List<RunRow> runs = Stream.concat(Stream.of(cut), RUNS.stream().skip(1)).toList();
        CurveData.Series series = curves(runs).series().getFirst();
        assertThat(series.points().get(2).text()).contains("seeds 1: ");
        assertThat(series.points().get(3).text()).contains("seeds 2: ").doesNotContain("1: ");
        assertThat(Charts.curveData(Shortcuts.runs(0), Shortcuts.ACCURACY)).isEmpty();
    }

    @Test
    void anEffectHasItsSentenceAndEverySeed() {
        var effects = Shortcuts.effects(RUNS);
        EffectData data = (EffectData) Charts.effectData(effects);
        assertThat(data.rows()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            EffectData.Row row = data.rows().get(i);
            assertThat(row.text()).isEqualTo(effects.get(i).sentence());
            assertThat(row.seeds()).hasSize(5);
            assertThat(row.paper()).hasSize(1);
            assertThat(row.ours()).hasSize(3).isSorted();
            assertThat(Stream.of(row.seeds(), row.paper(), row.ours()).flatMap(List::stream))
                    .allMatch(place -> place >= 0 && place <= 1);
        }
        assertThat(data.none()).isBetween(0.0, 1.0);
        EffectData few = (EffectData) Charts.effectData(Shortcuts.effects(RUNS.subList(0, 1)));
        assertThat(few.rows().getFirst().ours()).as("too few seeds").isEmpty();
    }
}
