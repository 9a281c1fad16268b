package replklab.device;

/** A function that runs on a device. */
public interface DeviceKernel {
    /**
     * Asks for it to be run.
     *
     * @param arguments in the kernel's order: a {@link DeviceBuffer}, or null for none; {@link Integer}, {@link Long} and {@link
     *     Float} for {@code int}, {@code INDEX} and {@code float}
     */
    void launch(Groups groups, Object... arguments);
}
