package replklab.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.conv.DepthwisePlanner;
import replklab.data.DatasetInfo;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.report.CurvePoint;
import replklab.report.RunRow;
import replklab.tensor.Tape;
import replklab.tracking.ActiveRun;
import replklab.tracking.DatasetInput;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.Tracker;
import replklab.train.EpochResult;
import replklab.train.Trainer;
import replklab.train.TrainingListener;

/** Does one run of an experiment, or finds that it is done. */
final class SingleRun {
    private static final String CONFIG = "config.sha256";

    private final Experiment experiment;
    private final TrainTest data;
    private final Provenance provenance;
    private final Tracker tracker;
    private final ActiveRun parent;
    private final RunnerListener listener;
    private final AtomicBoolean stopping;

    SingleRun(
            Experiment experiment,
            TrainTest data,
            Provenance provenance,
            Tracker tracker,
            ActiveRun parent,
            RunnerListener listener,
            AtomicBoolean stopping) {
        this.experiment = experiment;
        this.data = data;
        this.provenance = provenance;
        this.tracker = tracker;
        this.parent = parent;
        this.listener = listener;
        this.stopping = stopping;
    }

    /** The result of a run; a stop leaves its checkpoint and counts as killed. */
    RunRow run(RunPlan plan, int index, Path folder) {
        String config = RunConfig.hash(experiment, plan);
        Optional<StoredRun> done = StoredRun.read(folder, config);
        listener.runBegins(plan, index, done.isPresent());
        if (done.isPresent()) {
            if (!done.get().commit().equals(provenance.shortCommit())) {
                listener.notice(plan.name() + " was run at commit " + done.get().commit() + ", this is "
                        + provenance.shortCommit() + "; --fresh runs it again");
            }
            listener.runEnds(plan, done.get().row());
            return done.get().row();
        }
        Optional<ActiveRun> resumed = resume(folder, config);
        ActiveRun run = resumed.isPresent() ? resumed.get() : start(plan, folder, config);
        DepthwisePlanner.current().forget(); // what is used from here on belongs to this run
        Curve curve = new Curve(plan, run);
        RunRow row = curve.row(RunStatus.FAILED);
        try {
            Layer model = Models.make(
                    experiment.spec().modelOf(plan.variant()),
                    data.shape().channels(),
                    data.classes(),
                    new SplittableRandom(plan.seed()));
            if (resumed.isEmpty()) {
                log(run, plan, model);
            }
            Trainer trainer = new Trainer(model, data, experiment.spec().training(), plan.seed(), folder);
            boolean complete = trainer.run(curve, stopping::get);
            curve.seconds = trainer.seconds();
            if (complete) {
                RunRow finished = curve.row(RunStatus.FINISHED);
                RunArtifacts.log(run, experiment, finished, folder);
                new StoredRun(config, provenance.shortCommit(), finished).write(folder);
                Files.deleteIfExists(folder.resolve(Trainer.CHECKPOINT)); // it has served: the best weights stay
                row = finished;
            } else {
                row = curve.row(RunStatus.KILLED);
            }
        } catch (LabException | IOException e) {
            run.tags(Map.of("replklab.error", String.valueOf(e.getMessage())));
            listener.notice(plan.name() + " failed: " + e.getMessage());
            row = curve.row(RunStatus.FAILED);
        } finally {
            run.artifactText(
                    "depthwise-plan.txt", DepthwisePlanner.current().used().text());
            run.end(RunStatus.valueOf(row.status().name()));
            Tape.releaseMemory(); // the next variant has other shapes
        }
        listener.runEnds(plan, row);
        return row;
    }

    /** The run that the folder holds, if it is this one and was stopped. */
    private Optional<ActiveRun> resume(Path folder, String config) {
        try {
            Path mark = folder.resolve(CONFIG);
            if (Files.exists(folder.resolve(Trainer.CHECKPOINT))
                    && Files.exists(mark)
                    && Files.readString(mark).equals(config)) {
                return tracker.resumeRun(folder);
            }
            RunArtifacts.forget(folder);
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private ActiveRun start(RunPlan plan, Path folder, String config) {
        RunSpec spec = ExperimentRunner.tagged(
                RunSpec.of(experiment.name(), plan.name()).variant(plan.label()).seed(plan.seed()),
                experiment,
                provenance);
        ActiveRun run = tracker.startChild(parent, spec, folder);
        try {
            Files.writeString(folder.resolve(CONFIG), config);
            return run;
        } catch (IOException e) {
            run.end(RunStatus.FAILED);
            throw unusable(folder, e);
        }
    }

    private static LabException unusable(Path folder, IOException e) {
        return new LabException("cannot use the run's folder " + folder + ": " + e.getMessage(), e);
    }

    private void log(ActiveRun run, RunPlan plan, Layer model) {
        run.params(RunConfig.params(experiment, plan));
        run.params(Map.of("parameters", model.parameterCount()));
        run.dataset(input(data.train().info(), "train"));
        run.dataset(input(data.test().info(), "test"));
        run.artifactText("experiment.yaml", experiment.yaml());
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

    /** Writes down what the training tells, for MLflow and for the report. */
    private final class Curve implements TrainingListener {
        private final RunPlan plan;
        private final ActiveRun run;
        private final List<CurvePoint> points;
        private double seconds;

        Curve(RunPlan plan, ActiveRun run) {
            this.plan = plan;
            this.run = run;
            this.points = new ArrayList<>(RunArtifacts.curveOf(run.folder()));
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
            metrics.put(ExperimentRunner.METRIC, result.evaluation().accuracy());
            metrics.put("images_per_second", result.imagesPerSecond());
            run.metrics(metrics, result.epoch());
            // A run that was killed before an epoch's checkpoint tells of the epoch twice.
            points.removeIf(point -> point.epoch() >= result.epoch());
            points.add(new CurvePoint(result.epoch(), metrics));
            RunArtifacts.keepCurve(run.folder(), points);
            seconds = result.seconds();
            listener.epoch(plan, result);
        }

        RunRow row(RunStatus status) {
            boolean finished = status == RunStatus.FINISHED;
            if (finished && points.isEmpty()) {
                throw new LabException(
                        "the curve of the resumed run in " + run.folder() + " is gone; --fresh runs it again");
            }
            Map<String, Double> last = finished ? points.getLast().metrics() : Map.of();
            return new RunRow(
                    plan.variant(),
                    plan.seed(),
                    replklab.report.RunStatus.valueOf(status.name()),
                    last,
                    points,
                    seconds,
                    run.runId().orElse(""));
        }
    }
}
