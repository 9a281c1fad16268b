package replklab.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import replklab.base.LabException;
import replklab.data.DatasetInfo;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.report.CurvePoint;
import replklab.report.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.DatasetInput;
import replklab.train.EpochResult;
import replklab.train.Trainer;
import replklab.train.TrainingListener;

/** Trains one variant with one seed, and writes down what the training tells, for MLflow and for the report. */
final class TrainingRun implements RunWork, TrainingListener {
    private final Experiment experiment;
    private final TrainTest data;
    private final RunPlan plan;
    private final ActiveRun run;
    private final RunnerListener listener;
    private final Layer model;
    private final List<CurvePoint> points;
    private final Map<String, Double> probed = new LinkedHashMap<>();
    private double seconds;

    TrainingRun(Experiment experiment, TrainTest data, RunPlan plan, ActiveRun run, RunnerListener listener) {
        this.experiment = experiment;
        this.data = data;
        this.plan = plan;
        this.run = run;
        this.listener = listener;
        this.points = new ArrayList<>(RunArtifacts.curveOf(run.folder()));
        this.model = Models.make(
                experiment.spec().optionsOf(plan.variant()),
                data.shape().channels(),
                data.classes(),
                new SplittableRandom(plan.seed()));
    }

    @Override
    public void describe() {
        run.params(Map.of("parameters", model.parameterCount()));
        run.dataset(input(data.train().info(), "train"));
        run.dataset(input(data.test().info(), "test"));
    }

    private DatasetInput input(DatasetInfo info, String context) {
        String schema = "{\"image\": [%d, %d, %d], \"classes\": %d}"
                .formatted(
                        data.shape().height(),
                        data.shape().width(),
                        data.shape().channels(),
                        info.classes().size());
        String profile = "{\"images\": %d}".formatted(info.count());
        return new DatasetInput(info.name(), info.digest(), info.source(), schema, profile, context);
    }

    @Override
    public boolean work(BooleanSupplier stop) throws IOException {
        Trainer trainer = new Trainer(model, data, experiment.spec().training(), plan.seed(), run.folder());
        boolean complete = trainer.run(this, stop);
        seconds = trainer.seconds();
        if (complete) {
            for (Probe probe : Probes.of(experiment.spec())) {
                probed.putAll(trainer.asEvaluated(() -> probe.ask(model, data)));
            }
            run.metrics(probed, experiment.spec().training().epochs());
        }
        return complete;
    }

    @Override
    public void step(long step, long totalSteps, double loss, double learningRate) {
        run.metrics(Map.of("loss", loss, "learning_rate", learningRate), step);
        listener.step(plan, step, totalSteps, loss);
    }

    @Override
    public void epoch(EpochResult result) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("train_loss", result.trainLoss());
        metrics.put("test_loss", result.evaluation().loss());
        metrics.put(Reports.ACCURACY.key(), result.evaluation().accuracy());
        metrics.put("images_per_second", result.imagesPerSecond());
        run.metrics(metrics, result.epoch());
        // A run that was killed before an epoch's checkpoint tells of the epoch twice.
        points.removeIf(point -> point.epoch() >= result.epoch());
        points.add(new CurvePoint(result.epoch(), metrics));
        RunArtifacts.keepCurve(run.folder(), points);
        seconds = result.seconds();
        listener.epoch(plan, result);
    }

    @Override
    public void keep(RunRow row) throws IOException {
        RunArtifacts.log(run, experiment, row, run.folder());
    }

    @Override
    public Map<String, Double> result() {
        if (points.isEmpty()) {
            throw new LabException(
                    "the curve of the resumed run in " + run.folder() + " is gone; --fresh runs it again");
        }
        Map<String, Double> metrics = new LinkedHashMap<>(points.getLast().metrics());
        metrics.putAll(probed);
        return metrics;
    }

    @Override
    public List<CurvePoint> curve() {
        return points;
    }

    @Override
    public double seconds() {
        return seconds;
    }

    @Override
    public void close() {
        // It changes nothing outside of itself.
    }
}
