package replklab.device;

import replklab.base.LabException;

/** A device has not as much memory as is wanted. */
public final class DeviceMemoryException extends LabException {
    private static final long serialVersionUID = 1L;

    public DeviceMemoryException(String message) {
        super(message);
    }
}
