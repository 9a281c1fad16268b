package replklab.analysis;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import replklab.tensor.Backend;

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
            String kind = LayerKind.of(method.getName(), arguments);
            nanos.merge(kind, took, Long::sum);
            calls.merge(kind, 1, Integer::sum);
        }
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
