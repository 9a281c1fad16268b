package replklab.tensor;

import java.util.ServiceLoader;
import replklab.base.Interrupts;
import replklab.base.UsageException;
import replklab.device.DeviceMemory;

/**
 * What carries out {@link Operation}s: everything numeric that layers, losses and optimisers are made of.
 *
 * <p>An implementation finds shapes checked and outputs made. It gives the same bits for the same input on the same machine,
 * whatever the number of threads. One that computes some operations alone can hand the others on to another backend.
 */
public interface Backend {
    /** The backend in use: the first one that the service loader finds, unless {@link #use} or {@link #with} gave another. */
    static Backend current() {
        return Holder.INSTEAD.orElse(Holder.current);
    }

    /** Makes another backend that of the whole program, such as one for the device that a command was told. */
    static void use(Backend backend) {
        Holder.current = backend;
    }

    /**
     * Runs {@code body} on this thread with another backend, such as one that measures. One that does not compute gets
     * tensors without contents, and nothing of what it is asked for is recorded on an open tape.
     */
    static void with(Backend backend, Runnable body) {
        ScopedValue.Carrier scope = ScopedValue.where(Holder.INSTEAD, backend);
        if (backend.computes()) {
            scope.run(body);
        } else {
            Tape.withoutTape(() -> {
                scope.run(body);
                return null;
            });
        }
    }

    /**
     * Carries out an operation with the backend in use. One that changes what was there before, as optimisers and the elementwise
     * ones can, goes on to its end if it is interrupted; another one is broken off, and nobody gets to see its outputs.
     *
     * @throws UsageException if it would write over what it reads, or twice to the same place
     * @throws IllegalStateException if it would write over a frozen tensor
     * @throws Interrupts.Interrupted if this thread is interrupted, and nobody in it looks at that himself
     */
    static void run(Operation operation) {
        Interrupts.check();
        requireApart(operation);
        for (Tensor written : operation.writes()) {
            if (written != null) {
                written.beforeChange();
            }
        }
        if (operation instanceof OptimiserStep || operation instanceof ElementwiseOperation) {
            Interrupts.runInOrder(() -> current().execute(operation));
        } else {
            current().execute(operation);
        }
        for (Tensor written : operation.writes()) {
            if (written != null) {
                written.storage().showToOthers();
            }
        }
    }

    private static void requireApart(Operation operation) {
        Tensor[] reads = operation.mayWriteOverInputs() ? new Tensor[0] : operation.reads();
        Tensor[] writes = operation.writes();
        for (int i = 0; i < writes.length; i++) {
            if (writes[i] != null) {
                requireApart(operation, writes[i], reads, reads.length);
                requireApart(operation, writes[i], writes, i);
            }
        }
    }

    private static void requireApart(Operation operation, Tensor written, Tensor[] others, int count) {
        for (int i = 0; i < count; i++) {
            if (others[i] != null && others[i].storage() == written.storage()) {
                throw new UsageException(operation.getClass().getSimpleName() + " would write its result of shape "
                        + written.shape() + " over another of its tensors: it needs memory of its own");
            }
        }
    }

    /**
     * Makes one number with the backend in use.
     *
     * @throws Interrupts.Interrupted as {@link #run}
     */
    static double reduce(Reduction reduction) {
        Interrupts.check();
        return current().execute(reduction);
    }

    /**
     * Makes one number and leaves it where this backend computes, as a float: nobody waits for it before it is read.
     *
     * @throws Interrupts.Interrupted as {@link #run}
     */
    static Tensor reduceToScalar(Reduction reduction) {
        Interrupts.check();
        Tensor scalar = Tensor.empty(Shape.SCALAR);
        current().execute(reduction, scalar);
        return scalar;
    }

    /** Waits until a device has computed what was asked of it: who takes times asks that before he looks at the clock. */
    static void awaitDevice() {
        DeviceMemory memory = current().memory();
        if (memory != null) {
            memory.device().finish();
        }
    }

    /** Gives back what a device keeps because it may be wanted again. */
    static void releaseDevice() {
        DeviceMemory memory = current().memory();
        if (memory != null) {
            memory.release();
        }
    }

    /** Short name for tags and tables, such as {@code cpu}. */
    String name();

    /** What does the work, for tags: vector width, threads, libraries. */
    String description();

    /** Whether what it writes has contents; one that only looks at what it is asked for says no. */
    default boolean computes() {
        return true;
    }

    /** Whether products of this precision are faster than products of float32, or are these. */
    default boolean accelerates(Precision precision) {
        return precision == Precision.FLOAT32;
    }

    /** Carries out an operation. */
    void execute(Operation operation);

    /** Makes one number. */
    double execute(Reduction reduction);

    /** Makes one number, as a float in a tensor of one element; one that has to wait for it computes it as the other does. */
    default void execute(Reduction reduction, Tensor scalar) {
        run(new ElementwiseOperation.Fill(scalar, (float) execute(reduction)));
    }

    /** The memory of the device that it computes on; null for one that computes in the host's. */
    default DeviceMemory memory() {
        return null;
    }

    /** Finds the backend once. */
    final class Holder {
        private static final ScopedValue<Backend> INSTEAD = ScopedValue.newInstance();
        private static volatile Backend current = ServiceLoader.load(Backend.class, Backend.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no numeric backend on the class path"));

        private Holder() {}
    }
}
