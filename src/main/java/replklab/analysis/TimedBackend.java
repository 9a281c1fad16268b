package replklab.analysis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import replklab.tensor.Backend;
import replklab.tensor.ForwardingBackend;
import replklab.tensor.Operation;
import replklab.tensor.Reduction;

/**
 * A backend that hands every operation on to another one and adds up how long each kind took. What a user's operation does inside
 * is its own time.
 */
final class TimedBackend extends ForwardingBackend {
    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private final Map<String, Integer> calls = new LinkedHashMap<>();
    private boolean inside;

    TimedBackend(Backend timed) {
        super(timed);
    }

    @Override
    public void execute(Operation operation) {
        time(LayerKind.of(operation), () -> {
            super.execute(operation);
            return 0;
        });
    }

    @Override
    public double execute(Reduction reduction) {
        return time(LayerKind.of(reduction), () -> super.execute(reduction));
    }

    private double time(String kind, DoubleSupplier computation) {
        if (inside) {
            return computation.getAsDouble();
        }
        inside = true;
        long start = System.nanoTime();
        try {
            double result = computation.getAsDouble();
            Backend.awaitDevice();
            return result;
        } finally {
            inside = false;
            nanos.merge(kind, System.nanoTime() - start, Long::sum);
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
