package replklab.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import replklab.base.LabException;
import replklab.nn.Layer;
import replklab.nn.StateMatch;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;
import replklab.weights.Safetensors.Entry;

/** Everything a training needs to go on where it stopped, in one safetensors file; {@code average} may be null. */
record Checkpoint(Layer model, Optimiser optimiser, WeightAverage average) {
    private static final String CHECKSUM = "crc32c";

    /** A checkpoint whose content is not what was written: whoever reads it takes the one before. */
    static final class Damaged extends LabException {
        private static final long serialVersionUID = 1L;

        Damaged(String message) {
            super(message);
        }
    }

    /**
     * Where a training is.
     *
     * @param step steps done
     * @param epochSteps steps done in the current epoch, 0 once it is evaluated
     * @param epochLoss sum of those steps' losses
     * @param epochSeconds time those steps took
     * @param earlierSeconds time of the epochs before
     * @param divergence where it ended, if it diverged
     */
    record Position(
            long step,
            long epochSteps,
            double epochLoss,
            double epochSeconds,
            double earlierSeconds,
            Optional<Divergence> divergence) {
        static final Position START = new Position(0, 0, 0, 0, 0, Optional.empty());

        Position withStep(double loss) {
            return new Position(step + 1, epochSteps + 1, epochLoss + loss, epochSeconds, earlierSeconds, divergence);
        }

        Position after(double seconds) {
            return new Position(step, epochSteps, epochLoss, epochSeconds + seconds, earlierSeconds, divergence);
        }

        Position nextEpoch(double evaluationSeconds) {
            return new Position(step, 0, 0, 0, seconds() + evaluationSeconds, divergence);
        }

        Position diverged(Divergence found) {
            return new Position(step, epochSteps, epochLoss, epochSeconds, earlierSeconds, Optional.of(found));
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

        private Map<String, String> asMap() {
            Map<String, String> map = new LinkedHashMap<>();
            map.put("step", String.valueOf(step));
            map.put("epoch_steps", String.valueOf(epochSteps));
            map.put("epoch_loss", String.valueOf(epochLoss));
            map.put("epoch_seconds", String.valueOf(epochSeconds));
            map.put("earlier_seconds", String.valueOf(earlierSeconds));
            divergence.ifPresent(found -> map.putAll(found.asMap()));
            return map;
        }

        private static Position of(Map<String, String> map) {
            return new Position(
                    Long.parseLong(map.get("step")),
                    Long.parseLong(map.get("epoch_steps")),
                    Double.parseDouble(map.get("epoch_loss")),
                    Double.parseDouble(map.get("epoch_seconds")),
                    Double.parseDouble(map.get("earlier_seconds")),
                    Divergence.of(map));
        }
    }

    /**
     * Writes a checkpoint; a kill, a power cut or a full disk leaves the one that lay there.
     *
     * @throws LabException naming the file if it cannot be written
     */
    void write(Path file, Position position) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        tensors()
                .forEach((name, tensor) ->
                        entries.put(name, new Entry(tensor.shape().toArray(), tensor.toArray())));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "replk-lab checkpoint, channels last");
        metadata.putAll(position.asMap());
        metadata.put(CHECKSUM, checksum(entries, metadata));
        Safetensors.write(file, new Safetensors.Contents(entries, metadata));
    }

    /**
     * Restores model, optimiser and averages: all of it or nothing.
     *
     * @param wanted whether to go on from there
     * @throws Damaged if the file is cut, flipped, of a version that wrote no checksum, or not wanted
     * @throws LabException naming the file and what differs if it belongs to another model or optimiser
     */
    Position read(Path file, Predicate<Position> wanted) {
        Safetensors.Contents contents = contents(file);
        Map<String, Tensor> own = tensors();
        Map<String, int[]> ownSizes = new LinkedHashMap<>();
        own.forEach((name, tensor) -> ownSizes.put(name, tensor.shape().toArray()));
        Map<String, int[]> sizes = new LinkedHashMap<>();
        contents.tensors().forEach((name, entry) -> sizes.put(name, entry.shape()));
        StateMatch.require(
                ownSizes, sizes, "checkpoint " + file + " is not of this training (delete it to start afresh)");
        Position position = position(file, contents.metadata());
        if (!wanted.test(position)) {
            throw new Damaged("checkpoint " + file + " is of step " + position.step
                    + ", and the training's log has lost something of what came before");
        }
        own.forEach((name, tensor) -> tensor.assign(contents.tensors().get(name).values()));
        optimiser.resumeAt(position.step);
        return position;
    }

    private static Safetensors.Contents contents(Path file) {
        if (Files.isRegularFile(file) && !Files.isReadable(file)) {
            throw new LabException("checkpoint " + file + " may not be read (its permissions)");
        }
        Safetensors.Contents contents;
        try {
            contents = Safetensors.read(file);
        } catch (LabException e) {
            throw new Damaged(e.getMessage());
        }
        Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
        String written = metadata.remove(CHECKSUM);
        if (!checksum(contents.tensors(), metadata).equals(written)) {
            throw new Damaged("checkpoint " + file + " is damaged: its content does not match its checksum");
        }
        return contents;
    }

    private static Position position(Path file, Map<String, String> metadata) {
        try {
            return Position.of(metadata);
        } catch (NullPointerException | NumberFormatException e) {
            throw new Damaged("checkpoint " + file + " lacks its position (step, losses): " + metadata);
        }
    }

    /** Over everything that is read: names, shapes, numbers and the position. */
    private static String checksum(Map<String, Entry> entries, Map<String, String> metadata) {
        CRC32C sum = new CRC32C();
        metadata.forEach((key, value) -> update(sum, key + "=" + value + "\n"));
        entries.forEach((name, entry) -> {
            update(sum, name + "\n");
            ByteBuffer shape = ByteBuffer.allocate(Integer.BYTES * entry.shape().length);
            shape.asIntBuffer().put(entry.shape());
            sum.update(shape);
            ByteBuffer numbers =
                    ByteBuffer.allocate(Float.BYTES * entry.values().length).order(ByteOrder.LITTLE_ENDIAN);
            numbers.asFloatBuffer().put(entry.values());
            sum.update(numbers);
        });
        return Long.toHexString(sum.getValue());
    }

    private static void update(CRC32C sum, String text) {
        sum.update(text.getBytes(StandardCharsets.UTF_8));
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
