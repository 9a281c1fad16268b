package replklab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import replklab.base.LabException;
import replklab.chart.Charts;
import replklab.plot.PngFile;
import replklab.stats.CurvePoint;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.table.Csv;
import replklab.table.Tables;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunRecord;
import replklab.train.Trainer;

/** The files of one run: its curves as CSV and PNG, its weights; and its epochs in its log. */
final class RunArtifacts {
    private static final String POINT = "epoch";
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunArtifacts() {}

    static void log(ActiveRun run, Experiment experiment, RunRow row, Path folder) throws IOException {
        run.artifactText("curves.csv", Csv.of(Tables.curves(List.of(row))));
        for (Metric metric : Reports.learned(experiment.spec())) {
            if (!Charts.hasCurve(List.of(row), metric)) {
                continue; // it diverged before the first epoch was over
            }
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

    /** Forgets how far a run was: its result and its final weights stay. */
    static void forgetCheckpoints(Path folder) throws IOException {
        Trainer.forgetCheckpoints(folder);
        Trainer.forgetCheckpoints(folder.resolve(DenseStage.FOLDER));
    }

    /** What the run's log tells of its epochs, oldest first; of an epoch that was told twice, the later. */
    static List<CurvePoint> points(RunRecord run) {
        Map<Double, CurvePoint> points = new TreeMap<>();
        for (String json : run.notes(POINT)) {
            try {
                CurvePoint point = JSON.readValue(json, CurvePoint.class);
                points.put(point.epoch(), point);
            } catch (JsonProcessingException e) {
                throw new LabException("the log of run " + run.name() + " holds no epoch: " + json, e);
            }
        }
        return List.copyOf(points.values());
    }

    /** Writes down an epoch. */
    static void note(ActiveRun run, CurvePoint point) {
        try {
            run.note(POINT, JSON.writeValueAsString(point));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an epoch is always JSON", e);
        }
    }
}
