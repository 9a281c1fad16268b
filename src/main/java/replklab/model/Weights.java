package replklab.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.nn.Layer;
import replklab.nn.Layer.Variable;
import replklab.nn.StateMatch;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** A model's weights in files: channels first, as everybody's. */
public final class Weights {
    private Weights() {}

    /** Writes every parameter and buffer of a model under its dotted name. */
    public static void save(Layer model, Path file, Map<String, String> metadata) {
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        model.state().forEach((name, variable) -> tensors.put(name, entry(variable, variable.tensor())));
        Safetensors.write(file, new Safetensors.Contents(tensors, metadata));
    }

    /**
     * Reads every parameter and buffer of a model; all or nothing.
     *
     * @return the file's metadata
     * @throws replklab.base.LabException naming the file and all missing, surplus and mis-shaped tensors at once
     */
    public static Map<String, String> load(Layer model, Path file) {
        Safetensors.Contents contents = Safetensors.read(file);
        Map<String, Variable> state = model.state();
        Map<String, int[]> own = new LinkedHashMap<>();
        state.forEach((name, variable) -> own.put(
                name, variable.layout().fileShape(variable.tensor().shape()).toArray()));
        Map<String, int[]> given = new LinkedHashMap<>();
        contents.tensors().forEach((name, entry) -> given.put(name, entry.shape()));
        StateMatch.require(own, given, "weights file " + file + " is not for this model");
        state.forEach((name, variable) -> {
            Tensor tensor = variable.tensor();
            float[] values = contents.tensors().get(name).values();
            tensor.assign(variable.layout().fromFile(values, tensor.shape()));
        });
        return contents.metadata();
    }

    /** A tensor in the layout that files have for {@code variable}. */
    public static Safetensors.Entry entry(Variable variable, Tensor value) {
        Shape shape = value.shape();
        return new Safetensors.Entry(
                variable.layout().fileShape(shape).toArray(), variable.layout().toFile(value.toArray(), shape));
    }
}
