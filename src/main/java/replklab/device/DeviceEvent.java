package replklab.device;

/** A mark in a device's queue: times between two of them are the device's own. */
public interface DeviceEvent {
    /** Seconds from {@code earlier}, another mark of the same device, to this one; waits for both. */
    double secondsSince(DeviceEvent earlier);
}
