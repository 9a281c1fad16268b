package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.chart.Charts;
import replklab.data.TrainTest;
import replklab.model.Architecture;
import replklab.nn.Layer;
import replklab.plot.PngFile;
import replklab.stats.CurvePoint;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.table.Csv;
import replklab.table.Tables;
import replklab.tracking.ActiveRun;
import replklab.train.EpochResult;
import replklab.train.Evaluation;
import replklab.train.TrainingConfig;
import replklab.train.TrainingListener;
import replklab.train.TrainingTask;

/**
 * The training of a user's own classifier, logged as an experiment logs its runs, so that both compare: settings, data sets, curves,
 * predictions, the model.
 */
public final class OwnTraining {
    private final ActiveRun run;
    private final Map<String, String> variant;
    private final Layer model;
    private final TrainTest data;
    private final TrainingConfig config;
    private final long seed;
    private final List<CurvePoint> curve = new ArrayList<>();
    private Optional<Evaluation> last = Optional.empty();

    /**
     * @param variant one setting or several, such as {@code kernel=13 width=2}; they become parameters of the run
     * @param model in evaluation mode at {@link #keep}
     */
    public OwnTraining(ActiveRun run, String variant, Layer model, TrainTest data, TrainingConfig config, long seed) {
        this.run = run;
        this.variant = TrackedComparison.variant(variant);
        this.model = model;
        this.data = data;
        this.config = config;
        this.seed = seed;
    }

    /** Logs what is about to happen. */
    public void describe(Profile profile) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("profile", profile.toString());
        params.put("seed", seed);
        params.put("parameters", model.parameterCount());
        params.put("data.name", data.train().info().name());
        params.put("data.trainExamples", data.train().size());
        params.put("data.testExamples", data.test().size());
        params.putAll(RunConfig.training(config));
        variant.forEach(params::putIfAbsent);
        run.params(params);
        run.dataset(DatasetInputs.of(data.train(), "train"));
        run.dataset(DatasetInputs.of(data.test(), "test"));
    }

    /** The listener of a training, which another one hears, too. */
    public TrainingListener listener(TrainingListener other) {
        return new TrainingListener() {
            @Override
            public void step(long step, long totalSteps, double loss, double learningRate) {
                run.metrics(Map.of("loss", loss, "learning_rate", learningRate), step);
                other.step(step, totalSteps, loss, learningRate);
            }

            @Override
            public void epoch(EpochResult result) {
                last = Optional.of(result.evaluation());
                Map<String, Double> metrics = new LinkedHashMap<>();
                metrics.put("train_loss", result.trainLoss());
                metrics.put("test_loss", result.evaluation().loss());
                metrics.putAll(result.evaluation().scores());
                metrics.put("images_per_second", result.imagesPerSecond());
                run.metrics(metrics, result.epoch());
                curve.add(new CurvePoint(result.epoch(), metrics));
                other.epoch(result);
            }
        };
    }

    /**
     * Logs what a complete training leaves.
     *
     * @param seconds how long it took
     * @return how the last epoch's weights did, which are the model's now
     */
    public Evaluation keep(double seconds) {
        Evaluation evaluation = last.orElseThrow();
        RunRow row = new RunRow(
                variant,
                seed,
                RunEnd.FINISHED,
                curve.getLast().metrics(),
                curve,
                seconds,
                run.runId().orElse(""),
                Provenance.UNKNOWN);
        run.artifactText("curves.csv", Csv.of(Tables.curves(List.of(row))));
        Path picture = run.folder().resolve("curves.png");
        try {
            Files.write(
                    picture,
                    PngFile.bytes(
                            Charts.learningCurves(row.label() + ", seed " + seed, List.of(row), Reports.ACCURACY)
                                    .image(),
                            Map.of("run", row.runId())));
        } catch (IOException e) {
            throw new LabException("cannot write " + picture + ": " + e.getMessage(), e);
        }
        run.artifact(picture, "");
        TrainedOutputs.log(
                run,
                ModelKind.CLASSIFIER,
                TrainingTask.classification(model, data),
                Architecture.nameOf(model),
                data.test(),
                "test",
                Optional.of(evaluation.answers()),
                row.metrics(),
                "");
        return evaluation;
    }
}
