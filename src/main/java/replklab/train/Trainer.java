package replklab.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import replklab.base.LabException;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.BatchStream;
import replklab.data.TrainTest;
import replklab.model.Weights;
import replklab.nn.Layer;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * Trains a network for a {@link TrainingTask}. One seed decides everything random; each step draws from the seed and its own
 * number, so a training that resumes from a checkpoint ends with the same bits as one that was never stopped.
 */
public final class Trainer {
    /** The checkpoint that a run resumes from. */
    public static final String CHECKPOINT = "checkpoint.safetensors";

    /** The weights of the best epoch so far, by the score that decides. */
    public static final String BEST = "best.safetensors";

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

    /**
     * Trains until the end, {@code maxSteps}, or a stop, from the checkpoint in the folder if there is one.
     *
     * @param stopped asked before each step and each batch of an evaluation; on true, and when the thread is interrupted,
     *     the training ends after writing a checkpoint
     * @return whether the training is complete
     * @throws LabException if the loss is no longer finite, or files cannot be written
     */
    public boolean run(TrainingListener listener, BooleanSupplier stopped) {
        BooleanSupplier stopping =
                () -> stopped.getAsBoolean() || Thread.currentThread().isInterrupted();
        position = resume();
        while (position.step() < plannedSteps() || position.epochSteps() > 0) {
            if (!isEpochDone()) {
                trainEpoch(listener, stopping);
            }
            if (!isEpochDone() || !endEpoch(listener, stopping)) {
                save();
                return false;
            }
        }
        return true;
    }

    /** Leaves the network with the average of its weights, if there is one, in place of the weights of the last step. */
    public void applyAverage() {
        swapAverage();
    }

    /**
     * Looks at the model as an evaluation does: in evaluation mode, with the averaged weights if there are any.
     *
     * @param look leaves the model as it is
     */
    public <T> T asEvaluated(Supplier<T> look) {
        boolean training = model.isTraining();
        swapAverage();
        model.train(false);
        try {
            return look.get();
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
        int epoch = Math.toIntExact(position.step() / training.batchesPerEpoch());
        int first = Math.toIntExact(position.step() % training.batchesPerEpoch());
        long begin = System.nanoTime();
        try (BatchStream batches = training.epoch(epoch, first)) {
            while (batches.hasNext() && position.step() < plannedSteps() && !stopping.getAsBoolean()) {
                double loss = step(batches.next(), position.step());
                position = position.withStep(loss);
                listener.step(position.step(), plannedSteps(), loss, schedule.rate(position.step() - 1));
            }
        } catch (LabException e) {
            rethrowUnlessInterrupted(e);
        }
        position = position.after(seconds(begin));
    }

    private double step(Batch batch, long step) {
        // Drop path draws from the seed and the step alone, so that a resumed run repeats it.
        try (Tape tape = Tape.training(seed * 0x9E3779B97F4A7C15L + step)) {
            Tensor loss = task.loss(batch, config);
            double value = loss.item();
            requireFinite(value, "the loss", step + 1);
            tape.backward(loss);
            optimiser.step(schedule.rate(step), clipping());
            if (average != null) {
                average.update();
            }
            return value;
        }
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
        int epoch = Math.toIntExact((position.step() - 1) / training.batchesPerEpoch()) + 1;
        long begin = System.nanoTime();
        Optional<Evaluation> evaluated = Optional.empty();
        boolean best = false;
        swapAverage();
        try {
            evaluated = task.evaluate(stopping);
            evaluated.ifPresent(result -> requireFinite(result.loss(), "the loss on the test images", position.step()));
            best = evaluated.isPresent() && evaluated.get().deciding() > position.bestScore();
            if (best && folder != null) {
                Weights.save(model, folder.resolve(BEST), Map.of("epoch", String.valueOf(epoch)));
            }
        } catch (LabException e) {
            rethrowUnlessInterrupted(e);
        } finally {
            swapAverage();
        }
        if (evaluated.isEmpty()) {
            return false;
        }
        Evaluation evaluation = evaluated.get();
        Checkpoint.Position next =
                position.nextEpoch(seconds(begin), Math.max(position.bestScore(), evaluation.deciding()));
        // The listener comes first: killed between the two, the training repeats the epoch, but none goes unheard.
        listener.epoch(new EpochResult(
                epoch,
                position.step(),
                position.meanLoss(),
                schedule.rate(position.step() - 1),
                position.imagesPerSecond(config.batchSize()),
                evaluation,
                best,
                next.seconds()));
        position = next;
        save();
        return true;
    }

    private void requireFinite(double loss, String which, long step) {
        if (!Double.isFinite(loss)) {
            throw new LabException(which + " is " + loss + " at step " + step
                    + ": the training diverged; a lower learning rate (now " + config.learningRate()
                    + ") or gradient clipping (training.clipNorm) may help");
        }
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

    private Checkpoint.Position resume() {
        if (folder != null && Files.exists(folder.resolve(CHECKPOINT))) {
            return checkpoint().read(folder.resolve(CHECKPOINT));
        }
        return Checkpoint.Position.START;
    }

    private void save() {
        if (folder != null) {
            checkpoint().write(folder.resolve(CHECKPOINT), position);
        }
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(model, optimiser, average);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
