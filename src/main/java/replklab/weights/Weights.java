package replklab.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.base.LabException;
import replklab.nn.Layer;
import replklab.nn.Layer.Variable;
import replklab.nn.StateMatch;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** A model's weights in files: channels first, as everybody's. */
public final class Weights {
    /** PyTorch's batch norms count their steps; nothing is computed from it. */
    private static final String COUNTER = "num_batches_tracked";

    private Weights() {}

    /** Writes every parameter and buffer of a model under its dotted name, as safetensors. */
    public static void save(Layer model, Path file, Map<String, String> metadata) {
        save(model, Map.of(), file, metadata);
    }

    /** The same with integers beside them, such as {@link #counters}. */
    public static void save(Layer model, Map<String, Long> integers, Path file, Map<String, String> metadata) {
        Map<String, Safetensors.Output> tensors = new LinkedHashMap<>();
        // The widest numbers come first, so that each lies at a multiple of its size.
        integers.forEach(
                (name, value) -> tensors.put(name, Safetensors.Output.integers(new int[0], new long[] {value})));
        model.state().forEach((name, variable) -> {
            Shape shape = variable.tensor().shape();
            tensors.put(
                    name,
                    Safetensors.Output.floats(
                            variable.layout().fileShape(shape).toArray(),
                            () -> entry(variable, variable.tensor()).values()));
        });
        Safetensors.write(file, tensors, metadata);
    }

    /**
     * Reads every parameter and buffer of a model from PyTorch's or a safetensors file; all or nothing.
     *
     * @return the file's metadata
     * @throws LabException naming the file and all missing, surplus and mis-shaped tensors at once
     */
    public static Map<String, String> load(Layer model, Path file) {
        try (WeightsFile opened = WeightsFile.open(file)) {
            WeightsFile whole = opened.whole();
            boolean named = whole.tensors().keySet().containsAll(model.state().keySet());
            WeightsFile weights = named ? whole : opened; // what looks like a wrapper may be a part of this model
            requireMatch(model, weights, file);
            // All is read before anything is overwritten.
            Map<String, float[]> values = new LinkedHashMap<>();
            model.state().keySet().forEach(name -> values.put(name, weights.floats(name)));
            model.state().forEach((name, variable) -> assign(variable, values.get(name)));
            return weights.metadata();
        }
    }

    /** The same into a model that nobody has yet, one tensor after the other. */
    public static void fill(Layer model, WeightsFile weights, Path file) {
        requireMatch(model, weights, file);
        model.state().forEach((name, variable) -> assign(variable, weights.floats(name)));
    }

    private static void assign(Variable variable, float[] values) {
        Tensor tensor = variable.tensor();
        tensor.assign(variable.layout().fromFile(values, tensor.shape()));
    }

    /** Throws unless a file has a model's tensors, and no others but counters of its norms. */
    public static void requireMatch(Layer model, WeightsFile weights, Path file) {
        Map<String, Variable> state = model.state();
        Map<String, int[]> own = new LinkedHashMap<>();
        state.forEach((name, variable) -> own.put(
                name, variable.layout().fileShape(variable.tensor().shape()).toArray()));
        Map<String, int[]> given = new LinkedHashMap<>();
        weights.tensors().forEach((name, info) -> {
            if (!isCounter(name, info, state)) {
                given.put(name, info.shape());
            }
        });
        StateMatch.require(own, given, "weights file " + file + " is not for this model");
    }

    /** The steps that the norms of a model were trained for, by PyTorch's names, as far as a file has them. */
    public static Map<String, Long> counters(Layer model, WeightsFile weights) {
        Map<String, Variable> state = model.state();
        Map<String, Long> counters = new LinkedHashMap<>();
        weights.tensors().forEach((name, info) -> {
            if (isCounter(name, info, state)) {
                counters.put(
                        name, info.type().isInteger() ? weights.integers(name)[0] : (long) weights.floats(name)[0]);
            }
        });
        return counters;
    }

    /** Whether a tensor counts the steps of a norm that {@code state} has; whole networks are cast, so it may be of any type. */
    public static boolean isCounter(String name, WeightsFile.Info info, Map<String, Variable> state) {
        return info.elements() == 1
                && name.endsWith("." + COUNTER)
                && state.containsKey(name.substring(0, name.length() - COUNTER.length()) + "running_mean");
    }

    /** A tensor in the layout that files have for {@code variable}. */
    public static Safetensors.Entry entry(Variable variable, Tensor value) {
        Shape shape = value.shape();
        return new Safetensors.Entry(
                variable.layout().fileShape(shape).toArray(), variable.layout().toFile(value.toArray(), shape));
    }
}
