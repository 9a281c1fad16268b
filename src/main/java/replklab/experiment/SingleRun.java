package replklab.experiment;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.data.DatasetInfo;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.report.CurvePoint;
import replklab.report.RunRow;
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
    private final boolean fresh;

    SingleRun(
            Experiment experiment,
            TrainTest data,
            Provenance provenance,
            Tracker tracker,
            ActiveRun parent,
            RunnerListener listener,
            AtomicBoolean stopping,
            boolean fresh) {
        this.experiment = experiment;
        this.data = data;
        this.provenance = provenance;
        this.tracker = tracker;
        this.parent = parent;
        this.listener = listener;
        this.stopping = stopping;
        this.fresh = fresh;
    }

    /** The result of a run; a stop leaves its checkpoint and counts as killed. */
    RunRow run(RunPlan plan, int index, Path folder) {
        String config = RunConfig.hash(experiment, plan);
        Optional<StoredRun> done = fresh ? Optional.empty() : StoredRun.read(folder, config);
        listener.runBegins(plan, index, done.isPresent());
        if (done.isPresent()) {
            if (!done.get().commit().equals(provenance.shortCommit())) {
                listener.notice(plan.name() + " was run at commit " + done.get().commit() + ", this is "
                        + provenance.shortCommit() + "; --fresh runs it again");
            }
            listener.runEnds(plan, done.get().row());
            return done.get().row();
        }
        ActiveRun run = begin(plan, folder, config);
        Curve curve = new Curve(plan, run);
        RunStatus ending = RunStatus.FAILED;
        try {
            Layer model = Models.make(
                    experiment.spec().modelOf(plan.variant()),
                    data.shape().channels(),
                    data.classes(),
                    new SplittableRandom(plan.seed()));
            log(run, plan, model);
            Trainer trainer = new Trainer(model, data, experiment.spec().training(), plan.seed(), folder);
            boolean complete = trainer.run(curve, this::isStopping);
            ending = complete ? RunStatus.FINISHED : RunStatus.KILLED;
            RunRow row = curve.row(ending);
            if (complete) {
                RunArtifacts.log(run, experiment, row, folder);
                new StoredRun(config, provenance.shortCommit(), row).write(folder);
                Files.deleteIfExists(folder.resolve(Trainer.CHECKPOINT)); // it has served: the best weights stay
            }
            listener.runEnds(plan, row);
            return row;
        } catch (LabException | IOException e) {
            run.tags(Map.of("replklab.error", String.valueOf(e.getMessage())));
            listener.notice(plan.name() + " failed: " + e.getMessage());
            RunRow row = curve.row(RunStatus.FAILED);
            listener.runEnds(plan, row);
            return row;
        } finally {
            run.end(ending);
        }
    }

    private boolean isStopping() {
        return stopping.get() || Thread.currentThread().isInterrupted();
    }

    /** Goes on with the run that the folder holds if it is the same one, else starts afresh. */
    private ActiveRun begin(RunPlan plan, Path folder, String config) {
        RunSpec spec = ExperimentRunner.tagged(
                RunSpec.of(experiment.name(), plan.name()).variant(plan.label()).seed(plan.seed()),
                experiment,
                provenance);
        try {
            Path mark = folder.resolve(CONFIG);
            boolean same = !fresh
                    && Files.exists(folder.resolve(Trainer.CHECKPOINT))
                    && Files.exists(mark)
                    && Files.readString(mark).equals(config);
            if (same) {
                Optional<ActiveRun> resumed = tracker.resumeRun(folder);
                if (resumed.isPresent()) {
                    return resumed.get();
                }
            } else {
                deleteCheckpoints(folder);
            }
            ActiveRun run = tracker.startChild(parent, spec, folder);
            Files.writeString(mark, config);
            return run;
        } catch (IOException e) {
            throw new LabException("cannot use the run's folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void deleteCheckpoints(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (String.valueOf(file.getFileName()).endsWith(".safetensors")) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
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
            points.add(new CurvePoint(result.epoch(), metrics));
            RunArtifacts.keepCurve(run.folder(), points);
            seconds = result.seconds();
            listener.epoch(plan, result);
        }

        RunRow row(RunStatus status) {
            Map<String, Double> last =
                    status == RunStatus.FINISHED ? points.getLast().metrics() : Map.of();
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
