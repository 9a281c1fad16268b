package replklab.nn;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import replklab.base.LabException;
import replklab.tensor.Precision;
import replklab.tensor.Tensor;

/**
 * A part of a network: parameters, buffers (what training moves without a gradient) and further layers, each under a name,
 * and a forward pass. To write one, register the parts where they are made and give {@link #forward}; the gradient comes
 * from the tape:
 *
 * <pre>{@code
 * class Gated extends Layer {
 *     final Layer value = child("value", new Depthwise(16, 7, 1, 1, random));
 *     final Layer gate = child("gate", new Pointwise(16, 16, true, random));
 *
 *     @Override
 *     public Tensor forward(Tensor x) {   // (n, h, w, 16) -> (n, h, w, 16)
 *         return value.forward(x).multiply(gate.forward(x).sigmoid()).add(x);
 *     }
 * }
 * }</pre>
 */
public abstract class Layer {
    private final SequencedMap<String, Layer> children = new LinkedHashMap<>();
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private boolean training;

    /** A tensor that belongs to a layer, and how weight files lay it out. */
    public record Variable(Tensor tensor, WeightLayout layout) {}

    /**
     * The output for an input. Images are (n, h, w, c).
     *
     * @param x the input
     */
    public abstract Tensor forward(Tensor x);

    /**
     * This network as it runs fastest when only outputs are wanted: every batch norm folded into a convolution, those before
     * pointwise convolutions included, and activations and shortcuts done in the convolutions' own pass. The outputs are
     * those of evaluation mode, up to rounding; the weights are copies that never change. To be called outside a tape, which
     * would take their memory back. Its products have the caller's {@linkplain Precision#current() precision}.
     */
    public final Layer folded() {
        return Folding.of(this);
    }

    /** {@link #folded()}, with products of this precision wherever it is called. */
    public final Layer folded(Precision precision) {
        return new InPrecision(precision, folded());
    }

    /**
     * Tells {@link #folded()}, step by step, what this layer computes in evaluation mode. A layer that does not say runs
     * there as it is: rightly, but with its batch norms, and sharing its weights with this one.
     */
    protected void fold(Folding into) {
        into.keep(this);
    }

    /** Registers a layer that this one is made of. */
    protected final <T extends Layer> T child(String name, T layer) {
        requireFree(name);
        children.put(name, layer);
        return layer;
    }

    /** Registers a tensor to be trained. */
    protected final Tensor parameter(String name, Tensor value, WeightLayout layout) {
        requireFree(name);
        variables.put(name, new Variable(value.asParameter(), layout));
        return value;
    }

    /** Registers a tensor that is kept with the parameters but not trained by gradient. */
    protected final Tensor buffer(String name, Tensor value) {
        return buffer(name, value, WeightLayout.PLAIN);
    }

    /** The same for a tensor that files lay out in another way. */
    protected final Tensor buffer(String name, Tensor value, WeightLayout layout) {
        requireFree(name);
        variables.put(name, new Variable(value, layout));
        return value;
    }

    private void requireFree(String name) {
        if (name.isEmpty() || name.contains(".") || children.containsKey(name) || variables.containsKey(name)) {
            throw new IllegalArgumentException("'" + name + "' is no free name for a part of "
                    + getClass().getSimpleName() + ": it must be new, not empty and without a dot");
        }
    }

    /** Switches this layer and all below between training and evaluation; batch norms behave differently. */
    public final Layer train(boolean on) {
        training = on;
        children.values().forEach(child -> child.train(on));
        return this;
    }

    /** Whether the layer is in training mode; new layers are not. */
    public final boolean isTraining() {
        return training;
    }

    /**
     * Freezes or thaws this layer and all below: whether coming passes compute its parameters' gradients. A frozen part costs no
     * backward pass beyond what lies before it, and no optimiser moves it; its batch norms still follow the batches in training
     * mode, unless they are told {@code train(false)}.
     */
    public final Layer requireGradient(boolean wanted) {
        parameters().values().forEach(parameter -> parameter.requireGradient(wanted));
        return this;
    }

    /** The layers this one is made of, by name, in the order of their registration. */
    public final SequencedMap<String, Layer> children() {
        return Collections.unmodifiableSequencedMap(children);
    }

    /** Every tensor to be trained, by its dotted name. */
    public final Map<String, Tensor> parameters() {
        Map<String, Tensor> found = new LinkedHashMap<>();
        visit("", (name, variable) -> {
            if (variable.tensor().isParameter()) {
                found.put(name, variable.tensor());
            }
        });
        return found;
    }

    /** Every parameter and buffer, by its dotted name. */
    public final Map<String, Variable> state() {
        Map<String, Variable> found = new LinkedHashMap<>();
        visit("", found::put);
        return found;
    }

    /** Number of trained values. */
    public final long parameterCount() {
        return parameters().values().stream()
                .mapToLong(tensor -> tensor.shape().elements())
                .sum();
    }

    /**
     * Overwrites every parameter and buffer.
     *
     * @param values a tensor of the right shape for each name in {@link #state()}
     * @throws LabException naming all missing, surplus and mis-shaped names at once; nothing is then changed
     */
    public final void load(Map<String, Tensor> values) {
        Map<String, Variable> own = state();
        Map<String, int[]> ownSizes = new LinkedHashMap<>();
        own.forEach(
                (name, variable) -> ownSizes.put(name, variable.tensor().shape().toArray()));
        Map<String, int[]> sizes = new LinkedHashMap<>();
        values.forEach((name, tensor) -> sizes.put(name, tensor.shape().toArray()));
        StateMatch.require(ownSizes, sizes, "these weights are not for this model");
        own.forEach((name, variable) -> variable.tensor().assign(values.get(name)));
    }

    /**
     * Writes every parameter and buffer to a safetensors file, under their dotted names and laid out as in PyTorch; whoever reads
     * meanwhile sees the old file or the new one.
     *
     * @throws LabException if it cannot be written
     */
    public final void save(Path file) {
        WeightsStore.found().save(this, file);
    }

    /**
     * Overwrites every parameter and buffer with those of a file, safetensors or PyTorch's {@code .pth}.
     *
     * @throws LabException if there is no such file, it holds no weights, or they are not this network's, naming what is missing,
     *     surplus and mis-shaped; nothing is then changed
     */
    public final void load(Path file) {
        WeightsStore.found().load(this, file);
    }

    private void visit(String prefix, BiConsumer<String, Variable> visitor) {
        variables.forEach((name, variable) -> visitor.accept(prefix + name, variable));
        children.forEach((name, child) -> child.visit(prefix + name + ".", visitor));
    }
}
