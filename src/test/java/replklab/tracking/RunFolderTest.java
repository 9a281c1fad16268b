package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;

class RunFolderTest {
    @TempDir
    Path folder;

    @Test
    void writesAsItGoes() throws IOException {
        RunFolder run = RunFolder.start(folder);
        run.params(Map.of("lr", 0.1, "kernel", 13));
        run.metrics(Map.of("loss", Double.NaN), 1);
        run.metric("loss", 0.5, 2);
        run.artifactText("notes/a.txt", "hello");
        // Not closed: this is what a killed process leaves.
        assertThat(Files.readAllLines(folder.resolve("metrics.csv"))).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(0)).isEqualTo("name,step,value,time");
            assertThat(lines.get(1)).startsWith("loss,1,NaN,");
            assertThat(lines.get(2)).startsWith("loss,2,0.5,");
        });
        assertThat(folder.resolve("params.json"))
                .content()
                .contains("\"kernel\" : \"13\"")
                .contains("\"lr\" : \"0.1\"");
        assertThat(folder.resolve("artifacts/notes/a.txt")).hasContent("hello");
        run.close();
    }

    @Test
    void aParameterHoldsForTheWholeRun() {
        try (RunFolder run = RunFolder.start(folder)) {
            run.params(Map.of("lr", 0.1));
            run.params(Map.of("lr", "0.1"));
            assertThatThrownBy(() -> run.params(Map.of("lr", 0.2)))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("lr")
                    .hasMessageContaining("0.1")
                    .hasMessageContaining("0.2");
        }
    }

    @Test
    void copiesArtifacts() throws IOException {
        Path file = Files.writeString(folder.resolve("best.bin"), "first");
        try (RunFolder run = RunFolder.start(folder.resolve("run"))) {
            run.artifact(file, "checkpoints");
            Files.writeString(file, "second");
            assertThat(folder.resolve("run/artifacts/checkpoints/best.bin")).hasContent("first");
            run.artifact(file, "checkpoints");
            assertThat(folder.resolve("run/artifacts/checkpoints/best.bin")).hasContent("second");
            assertThatThrownBy(() -> run.artifact(folder.resolve("none"), ""))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("none");
        }
    }

    @Test
    void aNewRunReplacesTheOldOneAndAResumedOneGoesOn() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (RunFolder run = RunFolder.start(folder)) {
                run.params(Map.of("attempt", i));
                run.metric("loss", i, 0);
            }
        }
        Path checkpoint = Files.writeString(folder.resolve("last.checkpoint"), "kept");
        try (RunFolder run = RunFolder.resume(folder)) {
            run.metric("loss", 7, 1);
            assertThatThrownBy(() -> run.params(Map.of("attempt", 0))).isInstanceOf(LabException.class);
        }
        List<String> lines = Files.readAllLines(folder.resolve("metrics.csv"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).startsWith("loss,0,1.0");
        assertThat(lines.get(2)).startsWith("loss,1,7.0");
        assertThat(checkpoint).exists();
    }

    @Test
    void namesTheFileOnAFullDisk() throws IOException {
        Files.createSymbolicLink(folder.resolve("metrics.csv"), Path.of("/dev/full"));
        try (RunFolder run = RunFolder.resume(folder)) {
            assertThatThrownBy(() -> run.metric("loss", 1, 1))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining(folder.resolve("metrics.csv").toString())
                    .hasMessageContaining("No space left");
        }
    }

    @Test
    void takesNothingAfterTheEnd() {
        RunFolder run = RunFolder.start(folder);
        run.end(RunStatus.FINISHED);
        assertThatThrownBy(() -> run.metric("loss", 1, 1))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("has ended");
    }
}
