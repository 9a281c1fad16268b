package replklab.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import replklab.base.LabException;

/** A device by OpenCL: a context and a queue in order. */
final class OpenClDevice implements Device {
    private static final MemorySegment NULL = MemorySegment.NULL;

    private final OpenCl cl;
    private final String name;
    private final MemorySegment id;
    private final MemorySegment context;
    private final MemorySegment queue;
    private final Map<String, MemorySegment> programs = new HashMap<>();

    OpenClDevice(OpenCl cl, String name, MemorySegment id) {
        this.cl = cl;
        this.name = name;
        this.id = id;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment devices = arena.allocateFrom(ADDRESS, id);
            context = made("context", cl.createContext, (make, error) ->
                    (MemorySegment) make.invokeExact(NULL, 1, devices, NULL, NULL, error));
        }
        queue = made("queue", cl.createCommandQueue, (make, error) ->
                (MemorySegment) make.invokeExact(context, id, (long) OpenCl.QUEUE_PROFILING_ENABLE, error));
    }

    private interface Making {
        MemorySegment make(MethodHandle function, MemorySegment error) throws Throwable;
    }

    /** What OpenCL makes, by a function whose last argument takes the error code. */
    private static MemorySegment made(String what, MethodHandle function, Making making) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(JAVA_INT);
            MemorySegment[] made = new MemorySegment[1];
            int code = NativeLibrary.call(() -> {
                made[0] = making.make(function, error);
                return error.get(JAVA_INT, 0);
            });
            OpenCl.require(what, code);
            return made[0];
        }
    }

    private static void call(String what, NativeLibrary.Call call) {
        OpenCl.require(what, NativeLibrary.call(call));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "opencl";
    }

    @Override
    public String description() {
        return name + " (" + cl.text(id, OpenCl.DEVICE_NAME) + ", " + cl.text(id, OpenCl.DEVICE_VERSION) + ", driver "
                + cl.text(id, OpenCl.DRIVER_VERSION) + ")";
    }

    @Override
    public long memoryBytes() {
        return cl.number(id, OpenCl.DEVICE_GLOBAL_MEM_SIZE);
    }

    @Override
    public int maxGroupSize() {
        return Math.toIntExact(cl.number(id, OpenCl.DEVICE_MAX_WORK_GROUP_SIZE));
    }

    private record Buffer(OpenCl cl, MemorySegment handle, long bytes) implements DeviceBuffer {
        @Override
        public void free() {
            call("release of memory", () -> (int) cl.releaseMemObject.invokeExact(handle));
        }
    }

    private static MemorySegment handle(DeviceBuffer buffer) {
        return ((Buffer) buffer).handle;
    }

    @Override
    public DeviceBuffer allocate(long bytes) {
        MemorySegment handle = made("buffer of " + bytes + " bytes", cl.createBuffer, (make, error) ->
                (MemorySegment) make.invokeExact(context, (long) OpenCl.MEM_READ_WRITE, bytes, NULL, error));
        return new Buffer(cl, handle, bytes);
    }

    @Override
    public void write(MemorySegment from, DeviceBuffer to) {
        call("copy to the device", () -> (int)
                cl.enqueueWriteBuffer.invokeExact(queue, handle(to), 1, 0L, from.byteSize(), from, 0, NULL, NULL));
    }

    @Override
    public void read(DeviceBuffer from, MemorySegment to) {
        call("copy from the device", () ->
                (int) cl.enqueueReadBuffer.invokeExact(queue, handle(from), 1, 0L, to.byteSize(), to, 0, NULL, NULL));
    }

    @Override
    public void copy(DeviceBuffer from, DeviceBuffer to, long bytes) {
        call("copy on the device", () ->
                (int) cl.enqueueCopyBuffer.invokeExact(queue, handle(from), handle(to), 0L, 0L, bytes, 0, NULL, NULL));
    }

    @Override
    public void finish() {
        call("wait for the device", () -> (int) cl.finish.invokeExact(queue));
    }

    @Override
    public synchronized DeviceKernel kernel(KernelSource source, String function) {
        MemorySegment program = programs.computeIfAbsent(source.text(), _ -> build(source));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment named = arena.allocateFrom(function);
            return new Kernel(made("kernel " + function, cl.createKernel, (make, error) ->
                    (MemorySegment) make.invokeExact(program, named, error)));
        }
    }

    private MemorySegment build(KernelSource source) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment texts = arena.allocateFrom(ADDRESS, arena.allocateFrom(source.text()));
            MemorySegment program = made("program", cl.createProgramWithSource, (make, error) ->
                    (MemorySegment) make.invokeExact(context, 1, texts, NULL, error));
            boolean onCpu = (cl.number(id, OpenCl.DEVICE_TYPE) & OpenCl.DEVICE_TYPE_CPU) != 0;
            MemorySegment options = arena.allocateFrom("-cl-std=CL1.2" + (onCpu ? " -DON_CPU" : ""));
            int code =
                    NativeLibrary.call(() -> (int) cl.buildProgram.invokeExact(program, 0, NULL, options, NULL, NULL));
            if (code == OpenCl.BUILD_PROGRAM_FAILURE) {
                throw new LabException(source.name() + " does not compile on " + name + ":\n" + log(arena, program));
            }
            OpenCl.require("build of " + source.name(), code);
            return program;
        }
    }

    private String log(Arena arena, MemorySegment program) {
        MemorySegment log = arena.allocate(64 << 10);
        call("build log", () -> (int) cl.getProgramBuildInfo.invokeExact(
                program, id, OpenCl.PROGRAM_BUILD_LOG, log.byteSize() - 1, log, NULL));
        return log.getString(0, StandardCharsets.UTF_8);
    }

    private final class Kernel implements DeviceKernel {
        private final MemorySegment handle;

        Kernel(MemorySegment handle) {
            this.handle = handle;
        }

        /** Arguments are part of OpenCL's kernel object, so one thread at a time sets them and asks. */
        @Override
        public synchronized void launch(Groups groups, Object... arguments) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment place = arena.allocate(JAVA_LONG);
                for (int i = 0; i < arguments.length; i++) {
                    set(i, arguments[i], place);
                }
                MemorySegment global = arena.allocateFrom(
                        JAVA_LONG, groups.x() * groups.sizeX(), (long) groups.y() * groups.sizeY(), groups.z());
                MemorySegment local = arena.allocateFrom(JAVA_LONG, groups.sizeX(), groups.sizeY(), 1);
                call("launch", () -> (int)
                        cl.enqueueNdRangeKernel.invokeExact(queue, handle, 3, NULL, global, local, 0, NULL, NULL));
            }
        }

        private void set(int index, Object argument, MemorySegment place) {
            long size = switch (argument) {
                case null -> {
                    place.set(ADDRESS, 0, NULL);
                    yield ADDRESS.byteSize();
                }
                case Buffer buffer -> {
                    place.set(ADDRESS, 0, buffer.handle);
                    yield ADDRESS.byteSize();
                }
                case Integer number -> {
                    place.set(JAVA_INT, 0, number);
                    yield JAVA_INT.byteSize();
                }
                case Long number -> {
                    place.set(JAVA_LONG, 0, number);
                    yield JAVA_LONG.byteSize();
                }
                case Float number -> {
                    place.set(JAVA_FLOAT, 0, number);
                    yield JAVA_FLOAT.byteSize();
                }
                default ->
                    throw new IllegalArgumentException("argument " + index + " of a kernel is a "
                            + argument.getClass().getName());
            };
            call("argument " + index + " of a kernel", () ->
                    (int) cl.setKernelArg.invokeExact(handle, index, size, place));
        }
    }

    private final class Event implements DeviceEvent {
        private final MemorySegment handle;

        Event(MemorySegment handle) {
            this.handle = handle;
        }

        private long nanoseconds() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment events = arena.allocateFrom(ADDRESS, handle);
                call("wait for a mark", () -> (int) cl.waitForEvents.invokeExact(1, events));
                MemorySegment time = arena.allocate(JAVA_LONG);
                call("time of a mark", () -> (int) cl.getEventProfilingInfo.invokeExact(
                        handle, OpenCl.PROFILING_COMMAND_END, JAVA_LONG.byteSize(), time, NULL));
                return time.get(JAVA_LONG, 0);
            }
        }

        @Override
        public double secondsSince(DeviceEvent earlier) {
            return (nanoseconds() - ((Event) earlier).nanoseconds()) * 1e-9;
        }
    }

    @Override
    public DeviceEvent mark() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ADDRESS);
            call("mark", () -> (int) cl.enqueueMarker.invokeExact(queue, 0, NULL, to));
            return new Event(to.get(ADDRESS, 0));
        }
    }
}
