package replklab.tensor;

import replklab.device.DeviceMemory;

/** A backend that hands everything on to another one: for those who look at what goes through. */
public abstract class ForwardingBackend implements Backend {
    private final Backend target;

    /**
     * @param target does the work
     */
    protected ForwardingBackend(Backend target) {
        this.target = target;
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public String description() {
        return target.description();
    }

    @Override
    public boolean computes() {
        return target.computes();
    }

    @Override
    public boolean accelerates(Precision precision) {
        return target.accelerates(precision);
    }

    @Override
    public DeviceMemory memory() {
        return target.memory();
    }

    @Override
    public void execute(Operation operation) {
        target.execute(operation);
    }

    @Override
    public double execute(Reduction reduction) {
        return target.execute(reduction);
    }
}
