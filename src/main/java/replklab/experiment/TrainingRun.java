package replklab.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.stats.CurvePoint;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunTags;
import replklab.train.Answers;
import replklab.train.Divergence;
import replklab.train.EpochResult;
import replklab.train.Evaluation;
import replklab.train.Trainer;
import replklab.train.TrainingConfig;
import replklab.train.TrainingListener;
import replklab.train.TrainingOutcome;
import replklab.train.TrainingTask;

/**
 * Trains one variant with one seed, and writes down what the training tells, for MLflow and for the report. A run of two stages
 * first trains to classify, then fine-tunes on dense prediction; epochs are counted through.
 */
final class TrainingRun implements RunWork {
    private final Experiment experiment;
    private final TrainTest data;
    private final TrainTest dense;
    private final RunPlan plan;
    private final TrainingConfig training;
    private final ActiveRun run;
    private final String register;
    private final RunnerListener listener;
    private final Layer model;
    private final List<CurvePoint> points;
    private final Map<String, Double> probed = new LinkedHashMap<>();
    private final Map<String, Double> guessed = new LinkedHashMap<>();
    private Divergence divergence;
    private Map<String, Double> field = Map.of();
    private Optional<Answers> answers = Optional.empty();
    private double seconds;

    TrainingRun(
            Experiment experiment,
            ExperimentData.Drawn images,
            RunPlan plan,
            ActiveRun run,
            String register,
            RunnerListener listener) {
        this.experiment = experiment;
        this.data = images.classification();
        this.dense = images.dense();
        this.plan = plan;
        this.run = run;
        this.register = register;
        this.listener = listener;
        this.training = experiment.spec().trainingOf(plan.variant());
        this.points = new ArrayList<>(RunArtifacts.points(run.record()));
        this.model = new ExperimentModels(experiment.spec().classPath())
                .make(
                        experiment.spec().optionsOf(plan.variant()),
                        data.shape(),
                        data.classes(),
                        new SplittableRandom(plan.seed()));
    }

    @Override
    public void describe() {
        run.params(Map.of("parameters", model.parameterCount()));
        run.dataset(DatasetInputs.of(data.train(), "train"));
        run.dataset(DatasetInputs.of(data.test(), context(data)));
        if (experiment.spec().isFinetuned() && experiment.spec().finetune().data() != null) {
            run.dataset(DatasetInputs.ofPixels(dense.train(), "finetune"));
            run.dataset(DatasetInputs.ofPixels(dense.test(), "finetune " + context(dense)));
        }
    }

    /** What is said of the images that are evaluated on: {@code test} or {@code validation}. */
    private static String context(TrainTest images) {
        return images.test().info().split().toString();
    }

    /** Asks the trained classifier what the experiment wants to know. */
    private void probe(Trainer trainer) {
        for (Probe probe : Probes.of(experiment.spec())) {
            probed.putAll(trainer.asEvaluated(() -> probe.ask(model, data)));
        }
        run.metrics(probed, training.epochs());
        trainer.asEvaluated(() -> keep(ModelKind.CLASSIFIER, TrainingTask.classification(model, data), data));
    }

    /** Logs what a stage leaves, with its weights as they were evaluated. */
    private Void keep(ModelKind kind, TrainingTask task, TrainTest stageData) {
        boolean decides = (kind == ModelKind.SEGMENTER) == experiment.spec().isFinetuned();
        Map<String, Double> metrics = new LinkedHashMap<>(points.getLast().metrics());
        metrics.putAll(kind == ModelKind.SEGMENTER ? field : probed);
        boolean ownData =
                kind == ModelKind.SEGMENTER && experiment.spec().finetune().data() != null;
        TrainedOutputs.log(
                run,
                kind,
                task,
                kind == ModelKind.CLASSIFIER ? architecture() : Optional.empty(),
                stageData.test(),
                (ownData ? "finetune " : "") + context(stageData),
                answers,
                metrics,
                decides ? register : "");
        return null;
    }

    private Optional<String> architecture() {
        ExperimentSpec spec = experiment.spec();
        return new ExperimentModels(spec.classPath())
                .name(spec.optionsOf(plan.variant()), data.shape(), data.classes());
    }

    @Override
    public Ending work(BooleanSupplier stop) throws IOException {
        ExperimentSpec spec = experiment.spec();
        Trainer trainer = new Trainer(
                TrainingTask.classification(model, data, TestMetrics.scores(spec, data.test())),
                training,
                plan.seed(),
                run.folder());
        DenseStage stage = spec.isFinetuned() ? new DenseStage(spec, plan, run.folder(), dense) : null;
        TrainingOutcome outcome = trainer.run(new Heard("", 0, stage == null ? 0 : stage.plannedSteps(), 0), stop);
        seconds = trainer.seconds();
        if (!outcome.isComplete()) {
            return ended(outcome, 0, 0, both(trainer.guess(), stage == null ? Map.of() : stage.guess()));
        }
        probe(trainer);
        if (stage == null) {
            return Ending.COMPLETE;
        }
        trainer.applyAverage();
        field = stage.field(model);
        answers = Optional.empty();
        Trainer tuner = stage.trainer(model);
        int epochs = training.epochs();
        outcome = tuner.run(new Heard("finetune_", trainer.plannedSteps(), 0, epochs), stop);
        seconds = trainer.seconds() + tuner.seconds();
        if (!outcome.isComplete()) {
            return ended(outcome, trainer.plannedSteps(), epochs, stage.guess());
        }
        run.metrics(field, 0);
        tuner.asEvaluated(() -> keep(ModelKind.SEGMENTER, TrainingTask.segmentation(stage.network(), dense), dense));
        return Ending.COMPLETE;
    }

    private static Map<String, Double> both(Map<String, Double> one, Map<String, Double> other) {
        Map<String, Double> both = new LinkedHashMap<>(one);
        both.putAll(other);
        return both;
    }

    /**
     * A stop, or a divergence: then what one scores who knows nothing stands in the place of what the run would have scored.
     *
     * @param stepsBefore steps of the stages before
     * @param epochsBefore epochs of the stages before
     */
    private Ending ended(TrainingOutcome outcome, long stepsBefore, int epochsBefore, Map<String, Double> guess) {
        if (outcome.divergence().isEmpty()) {
            return Ending.STOPPED;
        }
        Divergence found = outcome.divergence().get();
        divergence =
                new Divergence(stepsBefore + found.step(), epochsBefore + found.epoch(), found.layer(), found.what());
        guessed.putAll(guess);
        run.metrics(guessed, divergence.epoch());
        run.tags(Map.of(
                RunTags.OUTCOME,
                RunTags.DIVERGED,
                RunTags.DIVERGED_STEP,
                String.valueOf(divergence.step()),
                RunTags.DIVERGED_LAYER,
                divergence.layer()));
        return Ending.DIVERGED;
    }

    @Override
    public String divergence() {
        return divergence == null ? "" : divergence.place();
    }

    /** Hears one stage of the run. */
    private final class Heard implements TrainingListener {
        private final String prefix;
        private final long stepsBefore;
        private final long stepsAfter;
        private final int epochsBefore;
        private final double secondsBefore = seconds;

        /**
         * @param prefix of the metrics that both stages have
         * @param stepsBefore steps of the stages before
         * @param stepsAfter steps of the stages after
         * @param epochsBefore epochs of the stages before
         */
        Heard(String prefix, long stepsBefore, long stepsAfter, int epochsBefore) {
            this.prefix = prefix;
            this.stepsBefore = stepsBefore;
            this.stepsAfter = stepsAfter;
            this.epochsBefore = epochsBefore;
        }

        @Override
        public boolean hasHeard(long steps, int epochs) {
            Set<Double> told = points.stream().map(CurvePoint::epoch).collect(Collectors.toSet());
            return run.record().hasSteps(prefix + "loss", steps)
                    && IntStream.rangeClosed(1, epochs).allMatch(epoch -> told.contains((double) epochsBefore + epoch));
        }

        @Override
        public void step(long step, long totalSteps, double loss, double learningRate) {
            run.metrics(Map.of(prefix + "loss", loss, prefix + "learning_rate", learningRate), step);
            listener.step(plan, stepsBefore + step, stepsBefore + totalSteps + stepsAfter, loss);
        }

        @Override
        public void epoch(EpochResult result) {
            int epoch = epochsBefore + result.epoch();
            answers = Optional.of(result.evaluation().answers());
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put(prefix + "train_loss", result.trainLoss());
            metrics.put(prefix + "test_loss", result.evaluation().loss());
            metrics.putAll(result.evaluation().scores());
            metrics.put(prefix + "images_per_second", result.imagesPerSecond());
            run.metrics(metrics, epoch);
            tell(new CurvePoint(epoch, metrics));
            seconds = secondsBefore + result.seconds();
            listener.epoch(plan, epoch, result.evaluation());
        }

        @Override
        public void notice(String line) {
            listener.notice(plan.name() + ": " + line);
        }
    }

    /**
     * A run that was killed between an epoch and its checkpoint tells of the epoch twice, and the log has the first; both are the
     * same to the last bit but for the time they took.
     */
    private void tell(CurvePoint told) {
        if (points.stream().noneMatch(point -> point.epoch() == told.epoch())) {
            points.add(told);
            RunArtifacts.note(run, told);
        }
    }

    @Override
    public void keep(RunRow row) throws IOException {
        RunArtifacts.log(run, experiment, row, run.folder());
    }

    @Override
    public Map<String, Double> result() {
        Map<String, Double> result = new LinkedHashMap<>();
        if (experiment.spec().isFinetuned() && !guessed.containsKey(Evaluation.ACCURACY)) {
            points.stream()
                    .filter(point -> point.metrics().containsKey(Evaluation.ACCURACY))
                    .reduce((earlier, later) -> later)
                    .ifPresent(point -> result.putAll(point.metrics()));
        }
        result.putAll(divergence == null ? points.getLast().metrics() : guessed);
        result.keySet()
                .removeIf(key -> key.startsWith(Evaluation.CLASS_IOU)); // too many for a table: curves.csv has them
        result.putAll(field);
        result.putAll(probed);
        return result;
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
