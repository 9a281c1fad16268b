package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import replklab.base.Provenance;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

/** Peers that are not installed. */
class AbsencesTest {
    private static final Experiment TIMED = Yaml.smoke(Yaml.MEASURED);

    @Test
    void theRunsOfWhoIsAbsentAreLeftOutAndNamedOnce() {
        Absences absences = Absences.of(
                TIMED.spec(),
                (implementation, _) ->
                        implementation.equals("fft") ? Optional.of("fft is not measured") : Optional.empty());
        assertThat(absences.reasons()).containsExactly("fft is not measured");
        assertThat(absences.plans())
                .hasSize(4)
                .allMatch(plan -> plan.variant().get("implementation").equals("fft"));
        assertThat(Absences.of(TIMED.spec(), (_, _) -> Optional.empty())).isEqualTo(Absences.NONE);
        assertThat(Absences.of(Yaml.smoke(Yaml.TEXT).spec(), (_, _) -> Optional.of("nobody")))
                .as("what trains needs no peers")
                .isEqualTo(Absences.NONE);
    }

    /** A hypothesis about a variant without any run is not measured, which is no lack of seeds. */
    @Test
    void aHypothesisAboutWhoIsAbsentIsNotMeasured() {
        HypothesisSpec hypothesis = TIMED.spec().hypotheses().getFirst();
        List<Metric> metrics = Reports.metrics(TIMED.spec());
        Effect none = hypothesis.measure(
                List.of(row("3", 1), row("3", 2)), metrics, TIMED.spec().inPaper());
        assertThat(none.planned()).isZero();
        assertThat(none.sentence()).isEqualTo("\"31 over 3\" was not measured; the paper took 1.5 times as long.");
        Effect one = hypothesis.measure(
                List.of(row("3", 1), row("31", 1)), metrics, TIMED.spec().inPaper());
        assertThat(one.sentence()).contains("needs at least 2 seeds with every variant finished (1 planned)");
    }

    private static RunRow row(String kernel, long seed) {
        return new RunRow(
                Map.of("implementation", "ours", "resolution", "16", "kernel", kernel),
                seed,
                RunEnd.FINISHED,
                Map.of("latency_ms", 2.0),
                List.of(),
                1,
                "",
                Provenance.UNKNOWN);
    }
}
