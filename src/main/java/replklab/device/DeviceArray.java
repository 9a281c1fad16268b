package replklab.device;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/** An array in a device's memory, on loan from its {@link DeviceMemory}. The garbage collector gives back one that is lost. */
public final class DeviceArray {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Loan loan;

    DeviceArray(DeviceMemory memory, DeviceBuffer buffer) {
        this.loan = new Loan(memory, buffer, new AtomicBoolean());
        CLEANER.register(this, loan);
    }

    private record Loan(DeviceMemory memory, DeviceBuffer buffer, AtomicBoolean over) implements Runnable {
        @Override
        public void run() {
            if (!over.getAndSet(true)) {
                memory.giveBack(buffer);
            }
        }
    }

    /** Where it lies. */
    public DeviceMemory memory() {
        return loan.memory;
    }

    /**
     * For launches.
     *
     * @throws IllegalStateException after {@link #giveBack}
     */
    public DeviceBuffer buffer() {
        if (loan.over.get()) {
            throw new IllegalStateException("this device's array was given back");
        }
        return loan.buffer;
    }

    /** Gives it back; what was asked of the device before still finds it. */
    public void giveBack() {
        loan.run();
    }
}
