package replklab.device;

import java.lang.foreign.MemorySegment;

/**
 * One accelerator with its context and one queue: what is asked of it happens in that order, and calls return before it has
 * happened but for those that say otherwise. May be used by several threads.
 */
public interface Device {
    /** What {@link Devices#open} finds it by, such as {@code opencl:0}. */
    String name();

    /** The interface alone: {@code opencl} or {@code cuda}. */
    String kind();

    /** Name, card and driver, for provenance. */
    String description();

    /** Bytes of its memory. */
    long memoryBytes();

    /** Work items that a group may have. */
    int maxGroupSize();

    /**
     * Takes memory of undefined contents.
     *
     * @throws DeviceMemoryException if there is not so much
     */
    DeviceBuffer allocate(long bytes);

    /** Copies from host memory, as many bytes as that has; it may be changed as soon as this returns. */
    void write(MemorySegment from, DeviceBuffer to);

    /** Copies to host memory, as many bytes as that has, and waits for it: the numbers are there when this returns. */
    void read(DeviceBuffer from, MemorySegment to);

    /** Copies between two buffers of this device. */
    void copy(DeviceBuffer from, DeviceBuffer to, long bytes);

    /**
     * A compiled function of a program. The same program is compiled once.
     *
     * @param function name of the kernel
     * @throws replklab.base.LabException with the compiler's words if it does not compile
     */
    DeviceKernel kernel(KernelSource source, String function);

    /** Waits until all that was asked has happened. */
    void finish();

    /** A mark in the queue that knows when it was reached. */
    DeviceEvent mark();
}
