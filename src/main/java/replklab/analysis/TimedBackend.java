package replklab.analysis;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import replklab.tensor.Backend;
import replklab.tensor.Tensor;

/**
 * A backend that hands every operation on to another one and adds up how long each kind took. It is a proxy, so that an
 * operation the backend learns is timed too.
 */
final class TimedBackend {
    private final Backend timed;
    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private final Map<String, Integer> calls = new LinkedHashMap<>();

    TimedBackend(Backend timed) {
        this.timed = timed;
    }

    /** The backend to compute with. */
    Backend backend() {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    long start = System.nanoTime();
                    try {
                        return method.invoke(timed, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        add(method, arguments, System.nanoTime() - start);
                    }
                });
    }

    private void add(Method method, Object[] arguments, long took) {
        if (arguments != null) { // the others only say what the backend is
            String kind = kind(method.getName(), arguments);
            nanos.merge(kind, took, Long::sum);
            calls.merge(kind, 1, Integer::sum);
        }
    }

    /** Operation and gradient count as one kind; a convolution over space says its kernel size, which its filters have. */
    private static String kind(String method, Object[] arguments) {
        String operation = method.replace("Gradient", "");
        if (operation.equals("depthwisePair")
                && arguments[1] instanceof Tensor large
                && arguments[2] instanceof Tensor small) {
            return "depthwise " + side(large.size(0)) + " and " + side(small.size(0));
        }
        if (operation.startsWith("depthwise") && arguments[1] instanceof Tensor w) {
            return "depthwise " + side(w.size(0));
        }
        if (operation.startsWith("convolution") && arguments[1] instanceof Tensor w) {
            return "convolution " + side(w.size(1));
        }
        if (operation.startsWith("pointwise")) {
            return "pointwise";
        }
        if (operation.startsWith("batchNorm")) {
            return "batch norm";
        }
        return switch (operation) {
            case "globalAveragePool" -> "pooling";
            case "crossEntropy" -> "loss";
            case "combine", "multiply", "gate", "scaleImages", "activation" -> "elementwise";
            default -> operation.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        };
    }

    private static String side(int kernel) {
        return kernel + "x" + kernel;
    }

    /** Nanoseconds by kind. */
    Map<String, Long> nanos() {
        return nanos;
    }

    /** Operations by kind. */
    Map<String, Integer> calls() {
        return calls;
    }
}
