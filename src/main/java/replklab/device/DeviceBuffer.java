package replklab.device;

/** A piece of a device's memory. */
public interface DeviceBuffer {
    /** Its size. */
    long bytes();

    /** Gives the memory back for good, after what was asked of it before; it may not be used any more. */
    void free();
}
