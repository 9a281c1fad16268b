package replklab.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.base.LabException;
import replklab.model.Safetensors;
import replklab.model.Safetensors.Entry;
import replklab.nn.Layer;
import replklab.nn.StateMatch;
import replklab.tensor.Tensor;

/** Everything a training needs to go on where it stopped, in one safetensors file; {@code average} may be null. */
record Checkpoint(Layer model, Optimiser optimiser, WeightAverage average) {
    /**
     * Where a training is.
     *
     * @param step steps done
     * @param epochSteps steps done in the current epoch, 0 once it is evaluated
     * @param epochLoss sum of those steps' losses
     * @param epochSeconds time those steps took
     * @param earlierSeconds time of the epochs before
     * @param bestScore highest score of an epoch so far, in percent
     */
    record Position(
            long step,
            long epochSteps,
            double epochLoss,
            double epochSeconds,
            double earlierSeconds,
            double bestScore) {
        static final Position START = new Position(0, 0, 0, 0, 0, -1);

        Position withStep(double loss) {
            return new Position(step + 1, epochSteps + 1, epochLoss + loss, epochSeconds, earlierSeconds, bestScore);
        }

        Position after(double seconds) {
            return new Position(step, epochSteps, epochLoss, epochSeconds + seconds, earlierSeconds, bestScore);
        }

        Position nextEpoch(double evaluationSeconds, double best) {
            return new Position(step, 0, 0, 0, seconds() + evaluationSeconds, best);
        }

        double meanLoss() {
            return epochLoss / epochSteps;
        }

        double imagesPerSecond(int batchSize) {
            return epochSteps * batchSize / epochSeconds;
        }

        double seconds() {
            return earlierSeconds + epochSeconds;
        }
    }

    void write(Path file, Position position) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        tensors()
                .forEach((name, tensor) ->
                        entries.put(name, new Entry(tensor.shape().toArray(), tensor.toArray())));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "replk-lab checkpoint, channels last");
        metadata.put("step", String.valueOf(position.step));
        metadata.put("epoch_steps", String.valueOf(position.epochSteps));
        metadata.put("epoch_loss", String.valueOf(position.epochLoss));
        metadata.put("epoch_seconds", String.valueOf(position.epochSeconds));
        metadata.put("earlier_seconds", String.valueOf(position.earlierSeconds));
        metadata.put("best_accuracy", String.valueOf(position.bestScore));
        Safetensors.write(file, new Safetensors.Contents(entries, metadata));
    }

    /**
     * Restores model, optimiser and averages.
     *
     * @throws LabException naming the file and what differs if it belongs to another model or optimiser, or lacks its
     *     position; nothing is then changed
     */
    Position read(Path file) {
        Safetensors.Contents contents = Safetensors.read(file);
        Map<String, Tensor> own = tensors();
        Map<String, int[]> ownSizes = new LinkedHashMap<>();
        own.forEach((name, tensor) -> ownSizes.put(name, tensor.shape().toArray()));
        Map<String, int[]> sizes = new LinkedHashMap<>();
        contents.tensors().forEach((name, entry) -> sizes.put(name, entry.shape()));
        StateMatch.require(
                ownSizes, sizes, "checkpoint " + file + " is not of this training (delete it to start afresh)");
        Position position = position(file, contents.metadata());
        own.forEach((name, tensor) -> tensor.assign(contents.tensors().get(name).values()));
        optimiser.resumeAt(position.step);
        return position;
    }

    private static Position position(Path file, Map<String, String> metadata) {
        try {
            return new Position(
                    Long.parseLong(metadata.get("step")),
                    Long.parseLong(metadata.get("epoch_steps")),
                    Double.parseDouble(metadata.get("epoch_loss")),
                    Double.parseDouble(metadata.get("epoch_seconds")),
                    Double.parseDouble(metadata.get("earlier_seconds")),
                    Double.parseDouble(metadata.get("best_accuracy")));
        } catch (NullPointerException | NumberFormatException e) {
            throw new LabException(
                    "checkpoint " + file + " lacks its position (step, losses): " + metadata
                            + "; delete it to start afresh",
                    e);
        }
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.state().forEach((name, variable) -> tensors.put("model." + name, variable.tensor()));
        optimiser.state().forEach((name, tensor) -> tensors.put("optimiser." + name, tensor));
        if (average != null) {
            average.state().forEach((name, tensor) -> tensors.put("average." + name, tensor));
        }
        return tensors;
    }
}
