package replklab.train;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Tensor;

/** Finds the layer in which a network left the finite numbers. */
final class DivergenceSearch {
    private final Layer model;
    private final Map<Long, String> layers = new HashMap<>();
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
        model.state().forEach((name, variable) -> layers.put(address(variable.tensor()), layerOf(name)));
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
            Backend.with(watching(Backend.current()), again);
        } catch (Found found) {
            return latest;
        }
        return latest; // the output was finite and the loss is not: it belongs to the last layer
    }

    /** A proxy, so that an operation the backend learns is watched too. */
    private Backend watching(Backend backend) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    Object result = call(backend, method, arguments);
                    if (arguments != null) {
                        remember(arguments);
                        if (!tensors(arguments).allMatch(DivergenceSearch::isFinite)) {
                            throw new Found();
                        }
                    }
                    return result;
                });
    }

    private static Object call(Backend backend, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(backend, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What an operation read and wrote; the statistics of a norm, which it moves besides, are not its output. */
    private static Stream<Tensor> tensors(Object[] arguments) {
        return Stream.of(arguments).flatMap(argument -> switch (argument) {
            case null -> Stream.empty();
            case Tensor tensor -> Stream.of(tensor);
            case Tensor[] parts -> Stream.of(parts);
            case BatchNormTerms terms -> Stream.of(terms.gamma(), terms.beta());
            default -> Stream.empty();
        });
    }

    /** The layer whose weights an operation reads; of several, as those of a pair of kernels, the one that they are parts of. */
    private void remember(Object[] arguments) {
        tensors(arguments)
                .map(tensor -> layers.get(address(tensor)))
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

    private static long address(Tensor tensor) {
        return tensor.memory().address();
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
