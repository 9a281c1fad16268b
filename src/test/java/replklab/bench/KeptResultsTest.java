package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptResultsTest {
    private static final ConvCase FIRST = new ConvCase(1, 8, 5, 5, 3, Pass.FORWARD);
    private static final ConvCase SECOND = new ConvCase(1, 8, 5, 5, 3, Pass.TRAINING);

    @TempDir
    Path folder;

    private static CaseResult result(BenchCase what) {
        Map<String, Double> layers = new LinkedHashMap<>();
        layers.put("z", 2.0);
        layers.put("a", 1.0);
        Measured measured = new Measured(
                "torch",
                "2.0",
                "NCHW",
                Timing.of(1, 2, 3),
                new Description(Memory.UNKNOWN, "plan", layers),
                Map.of("NCHW", Timing.of(1, 2, 3)));
        return new CaseResult(what.label(), List.of(measured), List.of(new LeftOut("nd4j", "", "too large")));
    }

    @Test
    void goesOnAfterWhatWasMeasured() throws Exception {
        Path file = folder.resolve("conv.jsonl");
        KeptResults before = KeptResults.open(file, "key", false);
        before.add(result(FIRST));
        before.add(result(SECOND));
        // The program ended in the middle of a line.
        Files.writeString(file, "{\"label\": \"4x6", StandardOpenOption.APPEND);
        KeptResults after = KeptResults.open(file, "key", false);
        assertThat(after.count()).isEqualTo(2);
        assertThat(after.find(FIRST)).contains(result(FIRST));
        assertThat(after.find(FIRST)
                        .orElseThrow()
                        .measured()
                        .getFirst()
                        .description()
                        .layers()
                        .keySet())
                .containsExactly("z", "a");
        assertThat(after.find(new ConvCase(2, 8, 5, 5, 3, Pass.FORWARD))).isEmpty();
    }

    @Test
    void otherSourcesOrAFreshStartForgetIt() {
        Path file = folder.resolve("conv.jsonl");
        KeptResults.open(file, "key", false).add(result(FIRST));
        assertThat(KeptResults.open(file, "other", false).count()).isZero();
        KeptResults.open(file, "key", false).add(result(FIRST));
        assertThat(KeptResults.open(file, "key", true).count()).isZero();
        KeptResults.open(file, "key", false).remove();
        assertThat(file).doesNotExist();
    }
}
