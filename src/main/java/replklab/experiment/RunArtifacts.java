package replklab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.base.WholeFile;
import replklab.report.Charts;
import replklab.report.Csv;
import replklab.report.CurvePoint;
import replklab.report.Metric;
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
        for (Metric metric : Reports.learned(experiment.spec())) {
            Path picture = folder.resolve(Reports.curves(metric) + ".png");
            Files.write(
                    picture,
                    PngFile.bytes(
                            Charts.learningCurves(row.label() + ", seed " + row.seed(), List.of(row), metric)
                                    .image(),
                            Map.of("experiment", experiment.name(), "run", row.runId())));
            run.artifact(picture, "");
        }
    }

    /** Forgets how far a run was: its result and its best weights stay. */
    static void forgetCheckpoints(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(Trainer.CHECKPOINT));
        Files.deleteIfExists(folder.resolve(DenseStage.FOLDER).resolve(Trainer.CHECKPOINT));
    }

    /** Forgets what a run left, so that it starts afresh; what its tracker still has to send stays. */
    static void forget(Path folder) {
        try {
            for (String name : List.of(StoredRun.FILE, CURVE, Trainer.BEST)) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder.resolve(DenseStage.FOLDER).resolve(Trainer.BEST));
            forgetCheckpoints(folder);
        } catch (IOException e) {
            throw new LabException("cannot clear the run's folder " + folder + ": " + e.getMessage(), e);
        }
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
        replace(folder.resolve(CURVE), JSON, points);
    }

    /** Writes a value as JSON; whoever reads meanwhile, or after a kill, finds the old file or the new one. */
    static void replace(Path file, ObjectMapper json, Object value) {
        byte[] text;
        try {
            text = json.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result is always JSON", e);
        }
        WholeFile.write(file, "a result", out -> out.write(text));
    }
}
