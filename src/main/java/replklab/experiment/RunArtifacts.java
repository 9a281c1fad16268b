package replklab.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.report.Charts;
import replklab.report.Csv;
import replklab.report.CurvePoint;
import replklab.report.PngFile;
import replklab.report.RunRow;
import replklab.report.Tables;
import replklab.tracking.ActiveRun;
import replklab.train.Trainer;

/** The files of one run: its curves as CSV and PNG, its best weights, and the curve so far for a run that is resumed. */
final class RunArtifacts {
    private static final String CURVE = "curve.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunArtifacts() {}

    static void log(ActiveRun run, Experiment experiment, RunRow row, Path folder) throws IOException {
        run.artifactText("curves.csv", Csv.of(Tables.curves(List.of(row))));
        Path picture = folder.resolve("curves.png");
        Files.write(
                picture,
                PngFile.bytes(
                        Charts.learningCurves(row.label() + ", seed " + row.seed(), List.of(row), Reports.ACCURACY)
                                .image(),
                        Map.of("experiment", experiment.name(), "run", row.runId())));
        run.artifact(picture, "");
        run.artifact(folder.resolve(Trainer.BEST), "");
    }

    /** The points that a stopped run had; empty for a new one. */
    static List<CurvePoint> curveOf(Path folder) {
        Path file = folder.resolve(CURVE);
        if (!Files.exists(folder.resolve(Trainer.CHECKPOINT)) || !Files.exists(file)) {
            return List.of();
        }
        try {
            return JSON.readValue(file.toFile(), new TypeReference<List<CurvePoint>>() {});
        } catch (IOException e) {
            throw new LabException("cannot read " + file + " of the run that is resumed: " + e.getMessage(), e);
        }
    }

    static void keepCurve(Path folder, List<CurvePoint> points) {
        Path file = folder.resolve(CURVE);
        try {
            Files.writeString(file, JSON.writeValueAsString(points));
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
