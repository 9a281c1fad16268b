package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;
import replklab.experiment.Experiment;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;

class LabTest {
    @Test
    void aRunWithoutWeightsIsNamed() {
        Experiment experiment = Experiments.load("dw-share", Profile.SMOKE);
        RunRow run = new RunRow(
                Map.of("implementation", "never"), 77, RunEnd.FINISHED, Map.of(), List.of(), 1, "", "unknown");
        assertThatThrownBy(() -> Lab.weights(experiment, run))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("seed 77 of dw-share has left no weights in results/smoke/dw-share/runs/");
    }
}
