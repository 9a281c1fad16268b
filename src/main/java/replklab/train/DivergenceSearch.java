package replklab.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.ForwardingBackend;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.Operation;
import replklab.tensor.Tensor;

/** Finds the layer in which a network left the finite numbers. */
final class DivergenceSearch {
    private final Layer model;
    private final Map<Object, String> layers = new HashMap<>();
    private String latest = "the input";

    /** What ends the search: nobody sees it. */
    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Found() {
            super(null, null, false, false);
        }
    }

    DivergenceSearch(Layer model) {
        this.model = model;
        model.state().forEach((name, variable) -> layers.put(variable.tensor().memoryKey(), layerOf(name)));
    }

    /**
     * The first layer whose weights are not finite; if all are, the one whose output is the first that is not. What has no weights,
     * such as an activation or a sum, belongs to the layer before it.
     *
     * @param again computes once more what was not finite
     */
    String layer(Runnable again) {
        for (Map.Entry<String, Tensor> parameter : model.parameters().entrySet()) {
            if (!isFinite(parameter.getValue())) {
                return layerOf(parameter.getKey());
            }
        }
        try {
            Backend.with(new Watching(Backend.current()), again);
        } catch (Found found) {
            return latest;
        }
        return latest; // the output was finite and the loss is not: it belongs to the last layer
    }

    /** Hands each operation on, and looks at what it read and wrote. */
    private final class Watching extends ForwardingBackend {
        Watching(Backend watched) {
            super(watched);
        }

        @Override
        public void execute(Operation operation) {
            super.execute(operation);
            look(operation);
        }
    }

    /** The statistics of a norm, which it moves besides, are not its output. */
    private void look(Operation operation) {
        Tensor[] written = operation instanceof BatchNorm norm ? new Tensor[] {norm.y()} : operation.writes();
        List<Tensor> tensors = Stream.of(operation.reads(), written)
                .flatMap(Stream::of)
                .filter(Objects::nonNull)
                .toList();
        remember(tensors);
        if (!tensors.stream().allMatch(DivergenceSearch::isFinite)) {
            throw new Found();
        }
    }

    /** The layer whose weights an operation reads; of several, as those of a pair of kernels, the one that they are parts of. */
    private void remember(List<Tensor> tensors) {
        tensors.stream()
                .map(tensor -> layers.get(tensor.memoryKey()))
                .filter(Objects::nonNull)
                .reduce(DivergenceSearch::common)
                .ifPresent(layer -> latest = layer);
    }

    private static String common(String a, String b) {
        String whole = a;
        while (!b.equals(whole) && !b.startsWith(whole + ".")) {
            int dot = whole.lastIndexOf('.');
            if (dot < 0) {
                return a;
            }
            whole = whole.substring(0, dot);
        }
        return whole;
    }

    private static String layerOf(String variable) {
        int dot = variable.lastIndexOf('.');
        return dot < 0 ? "the network" : variable.substring(0, dot);
    }

    private static boolean isFinite(Tensor tensor) {
        for (float value : tensor.toArray()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
