package replklab.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** An NVIDIA card by CUDA's driver: its primary context and a stream. Programs are compiled for this very card. */
final class CudaDevice implements Device {
    private static final MemorySegment NULL = MemorySegment.NULL;

    private final CudaDriver cuda;
    private final Nvrtc compiler;
    private final String name;
    private final int id;
    private final MemorySegment context;
    private final MemorySegment stream;
    private final Map<String, MemorySegment> modules = new HashMap<>();

    CudaDevice(CudaDriver cuda, Nvrtc compiler, String name, int index) {
        this.cuda = cuda;
        this.compiler = compiler;
        this.name = name;
        this.id = cuda.device(index);
        this.context = made("context", to -> (int) cuda.devicePrimaryCtxRetain.invokeExact(to, id));
        enter();
        this.stream = made("stream", to -> (int) cuda.streamCreate.invokeExact(to, 0));
    }

    private interface Making {
        int make(MemorySegment to) throws Throwable;
    }

    private static MemorySegment made(String what, Making making) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ADDRESS);
            CudaDriver.call(what, () -> making.make(to));
            return to.get(ADDRESS, 0);
        }
    }

    /** The driver's calls go to the context of the thread that makes them. */
    private void enter() {
        CudaDriver.call("context", () -> (int) cuda.ctxSetCurrent.invokeExact(context));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "cuda";
    }

    private String architecture() {
        return "sm_" + cuda.attribute(id, CudaDriver.CAPABILITY_MAJOR)
                + cuda.attribute(id, CudaDriver.CAPABILITY_MINOR);
    }

    @Override
    public String description() {
        return name + " (" + cuda.deviceName(id) + ", " + architecture() + ", driver for CUDA " + cuda.version()
                + ", NVRTC " + compiler.version() + ")";
    }

    @Override
    public long memoryBytes() {
        return cuda.memoryBytes(id);
    }

    @Override
    public int maxGroupSize() {
        return cuda.attribute(id, CudaDriver.MAX_THREADS_PER_BLOCK);
    }

    private final class Buffer implements DeviceBuffer {
        private final long address;
        private final long bytes;

        Buffer(long address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void free() {
            enter();
            CudaDriver.call("release of memory", () -> (int) cuda.memFree.invokeExact(address));
        }
    }

    private static long address(DeviceBuffer buffer) {
        return ((Buffer) buffer).address;
    }

    @Override
    public DeviceBuffer allocate(long bytes) {
        enter();
        MemorySegment address = made("buffer of " + bytes + " bytes", to -> (int) cuda.memAlloc.invokeExact(to, bytes));
        return new Buffer(address.address(), bytes);
    }

    @Override
    public void write(MemorySegment from, DeviceBuffer to) {
        enter();
        CudaDriver.call("copy to the device", () ->
                (int) cuda.memcpyToDevice.invokeExact(address(to), from, from.byteSize(), stream));
        finish(); // the caller may change what was copied
    }

    @Override
    public void read(DeviceBuffer from, MemorySegment to) {
        enter();
        CudaDriver.call("copy from the device", () ->
                (int) cuda.memcpyToHost.invokeExact(to, address(from), to.byteSize(), stream));
        finish();
    }

    @Override
    public void copy(DeviceBuffer from, DeviceBuffer to, long bytes) {
        enter();
        CudaDriver.call("copy on the device", () ->
                (int) cuda.memcpyOnDevice.invokeExact(address(to), address(from), bytes, stream));
    }

    @Override
    public void finish() {
        enter();
        CudaDriver.call("wait for the device", () -> (int) cuda.streamSynchronize.invokeExact(stream));
    }

    @Override
    public synchronized DeviceKernel kernel(KernelSource source, String function) {
        enter();
        MemorySegment module = modules.computeIfAbsent(source.text(), _ -> load(source));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment named = arena.allocateFrom(function);
            MemorySegment handle =
                    made("kernel " + function, to -> (int) cuda.moduleGetFunction.invokeExact(to, module, named));
            return (groups, arguments) -> launch(handle, groups, arguments);
        }
    }

    private MemorySegment load(KernelSource source) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocateFrom(JAVA_BYTE, compiler.compile(source, architecture()));
            return made(source.name(), to -> (int) cuda.moduleLoadData.invokeExact(to, code));
        }
    }

    private void launch(MemorySegment function, Groups groups, Object... arguments) {
        enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(JAVA_LONG, Math.max(1, arguments.length));
            MemorySegment places = arena.allocate(ADDRESS, Math.max(1, arguments.length));
            for (int i = 0; i < arguments.length; i++) {
                long at = i * JAVA_LONG.byteSize();
                switch (arguments[i]) {
                    case null -> values.set(JAVA_LONG, at, 0);
                    case Buffer buffer -> values.set(JAVA_LONG, at, buffer.address);
                    case Integer number -> values.set(JAVA_INT, at, number);
                    case Long number -> values.set(JAVA_LONG, at, number);
                    case Float number -> values.set(JAVA_FLOAT, at, number);
                    default ->
                        throw new IllegalArgumentException("argument " + i + " of a kernel is a "
                                + arguments[i].getClass().getName());
                }
                places.setAtIndex(ADDRESS, i, values.asSlice(at));
            }
            CudaDriver.call("launch", () -> (int) cuda.launchKernel.invokeExact(
                    function,
                    Math.toIntExact(groups.x()),
                    groups.y(),
                    groups.z(),
                    groups.sizeX(),
                    groups.sizeY(),
                    1,
                    0,
                    stream,
                    places,
                    NULL));
        }
    }

    private final class Event implements DeviceEvent {
        private final MemorySegment handle;

        Event(MemorySegment handle) {
            this.handle = handle;
        }

        @Override
        public double secondsSince(DeviceEvent earlier) {
            enter();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment milliseconds = arena.allocate(JAVA_FLOAT);
                CudaDriver.call("wait for a mark", () -> (int) cuda.eventSynchronize.invokeExact(handle));
                CudaDriver.call("time between marks", () ->
                        (int) cuda.eventElapsedTime.invokeExact(milliseconds, ((Event) earlier).handle, handle));
                return milliseconds.get(JAVA_FLOAT, 0) * 1e-3;
            }
        }
    }

    @Override
    public DeviceEvent mark() {
        enter();
        MemorySegment event = made("mark", to -> (int) cuda.eventCreate.invokeExact(to, 0));
        CudaDriver.call("mark", () -> (int) cuda.eventRecord.invokeExact(event, stream));
        return new Event(event);
    }
}
