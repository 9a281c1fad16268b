package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.report.CurvePoint;
import replklab.report.RunRow;
import replklab.report.RunStatus;

/** Results come back from their files as they were. */
class StoredRunTest {
    @TempDir
    Path folder;

    private static RunRow row() {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("shortcut", "with");
        variant.put("kernel", "13");
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("test_loss", Double.NaN);
        metrics.put("accuracy", 0.1 + 0.2);
        metrics.put("images_per_second", Double.POSITIVE_INFINITY);
        List<CurvePoint> curve = List.of(new CurvePoint(1, metrics), new CurvePoint(2, Map.of("accuracy", Math.PI)));
        return new RunRow(variant, 3, RunStatus.FINISHED, metrics, curve, 1.25, "run1", "0123456789ab-dirty");
    }

    @Test
    void everythingComesBack() {
        StoredRun stored = new StoredRun("hash", row());
        stored.write(folder);
        StoredRun read = StoredRun.read(folder, "hash").orElseThrow();
        assertThat(read).isEqualTo(stored);
        assertThat(read.row().variant().keySet()).containsExactly("shortcut", "kernel");
        assertThat(read.row().metrics().get("test_loss")).isNaN();
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".partial"));
    }

    @Test
    void countsOnlyForItsConfiguration() {
        assertThat(StoredRun.read(folder, "hash")).isEmpty();
        new StoredRun("hash", row()).write(folder);
        assertThat(StoredRun.read(folder, "other")).isEmpty();
    }

    @Test
    void aDamagedFileIsNoResult() throws IOException {
        new StoredRun("hash", row()).write(folder);
        String whole = Files.readString(folder.resolve("result.json"));
        for (String text : List.of(
                "",
                "{}",
                "[]",
                "null",
                "{\"config\": \"hash\"}",
                "{\"config\": \"hash\", \"commit\": \"c\", \"row\": {}}",
                whole.substring(0, whole.length() / 2))) {
            Files.writeString(folder.resolve("result.json"), text);
            assertThat(StoredRun.read(folder, "hash")).as(text).isEmpty();
        }
    }

    @Test
    void theCurveSoFarIsThatOfAStoppedRun() throws IOException {
        List<CurvePoint> points = row().curve();
        RunArtifacts.keepCurve(folder, points);
        assertThat(RunArtifacts.curveOf(folder))
                .as("there is no checkpoint to go on from")
                .isEmpty();
        Files.createFile(folder.resolve("checkpoint.safetensors"));
        assertThat(RunArtifacts.curveOf(folder)).isEqualTo(points);
        Files.createDirectories(folder.resolve("artifacts"));
        Files.createFile(folder.resolve("artifacts/final.safetensors"));
        RunArtifacts.forget(folder);
        assertThat(folder).isDirectoryNotContaining(path -> Files.isRegularFile(path));
        assertThat(folder.resolve("artifacts/final.safetensors"))
                .as("the tracker may still have to send it")
                .exists();
    }
}
