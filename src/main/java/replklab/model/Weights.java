package replklab.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.nn.Layer;
import replklab.nn.Layer.Variable;
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
     */
    public static Map<String, String> load(Layer model, Path file) {
        Safetensors.Contents contents = Safetensors.read(file);
        Map<String, Variable> state = model.state();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        contents.tensors().forEach((name, entry) -> tensors.put(name, tensor(state.get(name), entry)));
        model.load(tensors);
        return contents.metadata();
    }

    /** A tensor in the layout that files have for {@code variable}. */
    public static Safetensors.Entry entry(Variable variable, Tensor value) {
        Shape shape = value.shape();
        return new Safetensors.Entry(
                variable.layout().fileShape(shape).toArray(), variable.layout().toFile(value.toArray(), shape));
    }

    /** A file's tensor in our layout; one that does not fit the variable comes back as it is, to be reported by its shape. */
    private static Tensor tensor(Variable variable, Safetensors.Entry entry) {
        if (variable == null
                || !variable.layout().fileShape(variable.tensor().shape()).equals(Shape.of(entry.shape()))) {
            return Tensor.of(entry.values(), entry.shape());
        }
        Shape shape = variable.tensor().shape();
        return Tensor.of(variable.layout().fromFile(entry.values(), shape), shape.toArray());
    }
}
