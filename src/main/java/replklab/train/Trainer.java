package replklab.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import replklab.base.Interrupts;
import replklab.base.LabException;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.BatchStream;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.weights.Weights;

/**
 * Trains a network for a {@link TrainingTask}. One seed decides everything random; each step draws from the seed and its own
 * number, so a training that resumes from a checkpoint ends with the same bits as one that was never stopped.
 */
public final class Trainer {
    /** The checkpoint that a run resumes from. */
    public static final String CHECKPOINT = "checkpoint.safetensors";

    /** The checkpoint before it, for when that one is damaged. */
    public static final String CHECKPOINT_BEFORE = "checkpoint-before.safetensors";

    /**
     * The weights of a complete training as they were evaluated at its end: the averaged ones if there is an average. Its metadata
     * tells {@code epoch}, {@code step}, {@code test_loss} and every score.
     */
    public static final String FINAL = "final.safetensors";

    /** Threads that make batches: the others compute. */
    static final int WORKERS = 1;

    private final TrainingTask task;
    private final Layer model;
    private final TrainingConfig config;
    private final long seed;
    private final Path folder;
    private final BatchLoader training;
    private final Optimiser optimiser;
    private final WeightAverage average;
    private final CosineSchedule schedule;
    private Checkpoint.Position position = Checkpoint.Position.START;
    private boolean isInStep; // the weights are between two steps

    /**
     * Trains a classifier.
     *
     * @param model in and out
     * @param data images to train on and to evaluate with
     * @param config how
     * @param seed decides the order of the images, their augmentation and drop path
     * @param folder where checkpoints are kept, or null for none; a checkpoint that lies there is resumed from
     */
    public Trainer(Layer model, TrainTest data, TrainingConfig config, long seed, Path folder) {
        this(TrainingTask.classification(model, data), config, seed, folder);
    }

    /**
     * @param task what for; its network goes in and out
     * @param config how
     * @param seed decides the order of the images, their augmentation and drop path
     * @param folder where checkpoints are kept, or null for none; a checkpoint that lies there is resumed from
     */
    public Trainer(TrainingTask task, TrainingConfig config, long seed, Path folder) {
        this.task = task;
        this.model = task.model();
        this.config = config;
        this.seed = seed;
        this.folder = folder;
        this.training = task.batches(config, seed);
        this.optimiser = Optimiser.of(config, model.parameters());
        this.average = config.emaDecay() > 0 ? new WeightAverage(model, config.emaDecay()) : null;
        int stepsPerEpoch = training.batchesPerEpoch();
        this.schedule = new CosineSchedule(
                config.learningRate(),
                Math.round(config.warmupEpochs() * stepsPerEpoch),
                config.totalSteps(stepsPerEpoch));
    }

    /** Steps until this training stops. */
    public long plannedSteps() {
        return config.plannedSteps(training.batchesPerEpoch());
    }

    /** Whether a training was stopped in a folder, or ended there, so that a trainer would go on from it. */
    public static boolean hasCheckpoint(Path folder) {
        return Files.exists(folder.resolve(CHECKPOINT)) || Files.exists(folder.resolve(CHECKPOINT_BEFORE));
    }

    /** Forgets how far the training in a folder was; {@link #FINAL} stays. */
    public static void forgetCheckpoints(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(CHECKPOINT));
        Files.deleteIfExists(folder.resolve(CHECKPOINT_BEFORE));
    }

    /** What a network scores that knows nothing, by name: what counts of a training that diverged. */
    public SequencedMap<String, Double> guess() {
        return task.guess();
    }

    /**
     * Trains until the end, {@code maxSteps}, or a stop, from the checkpoint in the folder if there is one; where it is damaged,
     * or ahead of what the listener has heard, from the one before it or from the start, which the listener is told. A training that
     * had ended is not evaluated again.
     *
     * @param stopped asked before each step and each batch of an evaluation; on true, and when the thread is interrupted,
     *     the training ends after writing a checkpoint
     * @return how it ended
     * @throws LabException if the checkpoint is of another training, or images cannot be read, or {@link #FINAL} not be
     *     written: what was trained is then in the checkpoint
     */
    public TrainingOutcome run(TrainingListener listener, BooleanSupplier stopped) {
        if (!Backend.current().accelerates(config.precision())) {
            listener.notice("products of " + config.precision() + " are computed in float32, on rounded numbers: this"
                    + " processor has none, so they save no time");
        }
        return config.precision().in(() -> Interrupts.inOrder(() -> train(listener, stopped)));
    }

    private TrainingOutcome train(TrainingListener listener, BooleanSupplier stopped) {
        BooleanSupplier stopping =
                () -> stopped.getAsBoolean() || Thread.currentThread().isInterrupted();
        Optional<CheckpointFiles> files =
                Optional.ofNullable(folder).map(place -> new CheckpointFiles(place, listener::notice));
        Checkpoint checkpoint = new Checkpoint(model, optimiser, average);
        position = files.map(kept -> kept.read(checkpoint, place -> listener.hasHeard(place.step(), evaluated(place))))
                .orElse(Checkpoint.Position.START);
        boolean stops = false;
        while (!stops && !isEnded()) {
            try {
                if (!isEpochDone()) {
                    trainEpoch(listener, stopping);
                }
                stops = !isDiverged() && (!isEpochDone() || !endEpoch(listener, stopping));
            } catch (LabException e) {
                if (!isInStep) {
                    files.ifPresent(kept -> kept.write(checkpoint, position)); // the steps so far are good
                }
                throw e;
            }
            files.ifPresent(kept -> kept.write(checkpoint, position));
        }
        return stops
                ? TrainingOutcome.STOPPED
                : position.divergence().map(TrainingOutcome::of).orElse(TrainingOutcome.COMPLETE);
    }

    /** Epochs that were evaluated by then; the last one may be short. */
    private int evaluated(Checkpoint.Position place) {
        return Math.toIntExact(Math.ceilDiv(place.step() - place.epochSteps(), (long) training.batchesPerEpoch()));
    }

    private boolean isEnded() {
        return isDiverged() || (position.step() >= plannedSteps() && position.epochSteps() == 0);
    }

    private boolean isDiverged() {
        return position.divergence().isPresent();
    }

    /** Leaves the network with the average of its weights, if there is one, in place of the weights of the last step. */
    public void applyAverage() {
        swapAverage();
    }

    /**
     * Looks at the model as an evaluation does: in evaluation mode, in the training's precision, with the averaged weights if
     * there are any.
     *
     * @param look leaves the model as it is
     */
    public <T> T asEvaluated(Supplier<T> look) {
        boolean training = model.isTraining();
        swapAverage();
        model.train(false);
        try {
            return config.precision().in(look);
        } finally {
            model.train(training);
            swapAverage();
        }
    }

    /** Seconds of work so far, earlier parts of a resumed training included. */
    public double seconds() {
        return position.seconds();
    }

    /** Whether what is left of the epoch is its evaluation; a training may have been stopped before that. */
    private boolean isEpochDone() {
        return position.epochSteps() > 0
                && (position.step() % training.batchesPerEpoch() == 0 || position.step() >= plannedSteps());
    }

    /** The steps of an epoch, from where the training is to the epoch's end or a stop. */
    private void trainEpoch(TrainingListener listener, BooleanSupplier stopping) {
        model.train(true);
        int first = Math.toIntExact(position.step() % training.batchesPerEpoch());
        long begin = System.nanoTime();
        try (BatchStream batches = training.epoch(epoch(position.step()) - 1, first)) {
            while (batches.hasNext() && !isDiverged() && position.step() < plannedSteps() && !stopping.getAsBoolean()) {
                Batch batch = batches.next();
                isInStep = true;
                double loss = step(batch, position.step());
                if (Double.isFinite(loss)) {
                    position = position.withStep(loss);
                    isInStep = false;
                    listener.step(position.step(), plannedSteps(), loss, schedule.rate(position.step() - 1));
                } else {
                    diverged(position.step() + 1, "training loss " + loss, () -> loss(batch, position.step(), _ -> {}));
                }
            }
        } catch (LabException e) {
            rethrowUnlessInterrupted(e);
        }
        position = position.after(seconds(begin));
    }

    /** One step; none if the loss is not finite. */
    private double step(Batch batch, long step) {
        return loss(batch, step, tape -> {
            optimiser.step(schedule.rate(step), clipping());
            if (average != null) {
                average.update();
            }
        });
    }

    /**
     * The loss of a batch, the same bits each time for the same weights.
     *
     * @param learn what to do with the gradients of a finite loss
     */
    private double loss(Batch batch, long step, Consumer<Tape> learn) {
        // Drop path draws from the seed and the step alone, so that a resumed run repeats it.
        try (Tape tape = Tape.training(seed * 0x9E3779B97F4A7C15L + step)) {
            Tensor loss = task.loss(batch, config);
            double value = loss.item();
            if (Double.isFinite(value)) {
                tape.backward(loss);
                learn.accept(tape);
            }
            return value;
        }
    }

    /** The epoch, from 1, of the step that comes after so many. */
    private int epoch(long steps) {
        return Math.toIntExact(steps / training.batchesPerEpoch()) + 1;
    }

    /** The training ends here; {@code again} computes what was not finite. */
    private void diverged(long step, String what, Runnable again) {
        position = position.diverged(
                new Divergence(step, epoch(step - 1), new DivergenceSearch(model).layer(again), what));
    }

    private double clipping() {
        if (config.clipNorm() == 0) {
            return 1;
        }
        double norm = optimiser.gradientNorm();
        return norm > config.clipNorm() ? config.clipNorm() / norm : 1;
    }

    /** Evaluates an epoch whose steps are done; false if told to stop before that was done. */
    private boolean endEpoch(TrainingListener listener, BooleanSupplier stopping) {
        int epoch = epoch(position.step() - 1);
        long begin = System.nanoTime();
        Optional<Evaluation> evaluated = Optional.empty();
        swapAverage();
        try {
            Optional<Evaluation> result = task.evaluate(stopping);
            if (result.isPresent() && !Double.isFinite(result.get().loss())) {
                diverged(
                        position.step(),
                        "loss on the test images " + result.get().loss(),
                        () -> task.evaluate(() -> false));
            } else if (result.isPresent() && position.step() >= plannedSteps() && folder != null) {
                Weights.save(model, folder.resolve(FINAL), notes(epoch, result.get()));
            }
            evaluated = result;
        } catch (LabException e) {
            rethrowUnlessInterrupted(e);
        } finally {
            swapAverage();
        }
        if (evaluated.isEmpty() || isDiverged()) {
            return isDiverged();
        }
        Checkpoint.Position next = position.nextEpoch(seconds(begin));
        // The listener comes first: killed between the two, the training repeats the epoch, but none goes unheard.
        listener.epoch(new EpochResult(
                epoch,
                position.step(),
                position.meanLoss(),
                schedule.rate(position.step() - 1),
                position.imagesPerSecond(config.batchSize()),
                evaluated.get(),
                next.seconds()));
        position = next;
        return true;
    }

    private Map<String, String> notes(int epoch, Evaluation evaluation) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("epoch", String.valueOf(epoch));
        notes.put("step", String.valueOf(position.step()));
        notes.put("test_loss", String.valueOf(evaluation.loss()));
        evaluation.scores().forEach((name, score) -> notes.put(name, String.valueOf(score)));
        return notes;
    }

    /** Waiting for a batch ends with an exception when the thread is interrupted, which is a stop like any other. */
    private static void rethrowUnlessInterrupted(LabException e) {
        if (!(e.getCause() instanceof InterruptedException)) {
            throw e;
        }
    }

    private void swapAverage() {
        if (average != null) {
            average.swap();
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
