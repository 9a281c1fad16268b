package replklab.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import replklab.base.LabException;

/**
 * The functions of OpenCL 1.2 that are used here (Khronos, OpenCL 1.2 Specification, revision 19), and the devices that the
 * system's loader knows, in its order.
 */
final class OpenCl {
    /** Names the library to load instead of the system's loader, such as Oclgrind's. */
    static final String LIBRARY = "REPLKLAB_OPENCL";

    static final int DEVICE_NOT_FOUND = -1;
    static final int MEM_OBJECT_ALLOCATION_FAILURE = -4;
    static final int OUT_OF_RESOURCES = -5;
    static final int OUT_OF_HOST_MEMORY = -6;
    static final int BUILD_PROGRAM_FAILURE = -11;
    static final int INVALID_BUFFER_SIZE = -61;
    private static final int NO_PLATFORM = -1001; // of the loader's extension cl_khr_icd

    static final int DEVICE_TYPE = 0x1000;
    static final long DEVICE_TYPE_CPU = 2;
    static final int DEVICE_MAX_WORK_GROUP_SIZE = 0x1004;
    static final int DEVICE_GLOBAL_MEM_SIZE = 0x101F;
    static final int DEVICE_NAME = 0x102B;
    static final int DRIVER_VERSION = 0x102D;
    static final int DEVICE_VERSION = 0x102F;
    static final int QUEUE_PROFILING_ENABLE = 2;
    static final int MEM_READ_WRITE = 1;
    static final int PROGRAM_BUILD_LOG = 0x1183;
    static final int PROFILING_COMMAND_END = 0x1283;
    private static final long DEVICE_TYPE_ALL = 0xFFFFFFFFL;

    private final MethodHandle getPlatformIds;
    private final MethodHandle getDeviceIds;
    private final MethodHandle getDeviceInfo;
    final MethodHandle createContext;
    final MethodHandle createCommandQueue;
    final MethodHandle createBuffer;
    final MethodHandle releaseMemObject;
    final MethodHandle createProgramWithSource;
    final MethodHandle buildProgram;
    final MethodHandle getProgramBuildInfo;
    final MethodHandle createKernel;
    final MethodHandle setKernelArg;
    final MethodHandle enqueueNdRangeKernel;
    final MethodHandle enqueueWriteBuffer;
    final MethodHandle enqueueReadBuffer;
    final MethodHandle enqueueCopyBuffer;
    final MethodHandle enqueueMarker;
    final MethodHandle waitForEvents;
    final MethodHandle getEventProfilingInfo;
    final MethodHandle finish;

    private OpenCl(NativeLibrary library) {
        getPlatformIds = library.function("clGetPlatformIDs", JAVA_INT, ADDRESS, ADDRESS);
        getDeviceIds = library.function("clGetDeviceIDs", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
        getDeviceInfo = library.function("clGetDeviceInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        createContext = library.maker("clCreateContext", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        createCommandQueue = library.maker("clCreateCommandQueue", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
        createBuffer = library.maker("clCreateBuffer", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        releaseMemObject = library.function("clReleaseMemObject", ADDRESS);
        createProgramWithSource =
                library.maker("clCreateProgramWithSource", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        buildProgram = library.function("clBuildProgram", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        getProgramBuildInfo =
                library.function("clGetProgramBuildInfo", ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        createKernel = library.maker("clCreateKernel", ADDRESS, ADDRESS, ADDRESS);
        setKernelArg = library.function("clSetKernelArg", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
        enqueueNdRangeKernel = library.function(
                "clEnqueueNDRangeKernel",
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        enqueueWriteBuffer = library.function(
                "clEnqueueWriteBuffer",
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        enqueueReadBuffer = library.function(
                "clEnqueueReadBuffer",
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        enqueueCopyBuffer = library.function(
                "clEnqueueCopyBuffer",
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        enqueueMarker = library.function("clEnqueueMarkerWithWaitList", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        waitForEvents = library.function("clWaitForEvents", JAVA_INT, ADDRESS);
        getEventProfilingInfo =
                library.function("clGetEventProfilingInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        finish = library.function("clFinish", ADDRESS);
    }

    /** Loads the library; empty where the system has none. */
    static Optional<OpenCl> load() {
        // PoCL would take SIGFPE from Java, whose division of integers by zero is made of it: a value comes out then,
        // and no
        // exception. It looks at this variable when the loader loads it.
        NativeLibrary.environment("POCL_SIGFPE_HANDLER", "0");
        String given = System.getenv(LIBRARY);
        return NativeLibrary.open(
                        given != null
                                ? List.of(given)
                                : List.of(
                                        "libOpenCL.so.1",
                                        "libOpenCL.so",
                                        "/System/Library/Frameworks/OpenCL.framework/OpenCL",
                                        "OpenCL.dll"))
                .map(OpenCl::new);
    }

    /** All devices of all platforms. */
    List<MemorySegment> devices() {
        List<MemorySegment> devices = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (MemorySegment platform :
                    list(arena, NO_PLATFORM, (most, to, count) -> (int) getPlatformIds.invokeExact(most, to, count))) {
                devices.addAll(list(arena, DEVICE_NOT_FOUND, (most, to, count) ->
                        (int) getDeviceIds.invokeExact(platform, DEVICE_TYPE_ALL, most, to, count)));
            }
        }
        return devices;
    }

    private interface Lister {
        int list(int most, MemorySegment to, MemorySegment count) throws Throwable;
    }

    private static List<MemorySegment> list(Arena arena, int none, Lister lister) {
        MemorySegment count = arena.allocate(JAVA_INT);
        int code = NativeLibrary.call(() -> lister.list(0, MemorySegment.NULL, count));
        if (code == none || (code == 0 && count.get(JAVA_INT, 0) == 0)) {
            return List.of();
        }
        require("list of devices", code);
        int found = count.get(JAVA_INT, 0);
        MemorySegment to = arena.allocate(ADDRESS, found);
        require("list of devices", NativeLibrary.call(() -> lister.list(found, to, MemorySegment.NULL)));
        List<MemorySegment> listed = new ArrayList<>();
        for (int i = 0; i < found; i++) {
            listed.add(to.getAtIndex(ADDRESS, i));
        }
        return listed;
    }

    String text(MemorySegment device, int what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(1024);
            require("description of a device", NativeLibrary.call(() ->
                    (int) getDeviceInfo.invokeExact(device, what, to.byteSize(), to, MemorySegment.NULL)));
            return to.getString(0, StandardCharsets.UTF_8).strip();
        }
    }

    long number(MemorySegment device, int what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(JAVA_LONG);
            require("description of a device", NativeLibrary.call(() -> (int)
                    getDeviceInfo.invokeExact(device, what, ValueLayout.JAVA_LONG.byteSize(), to, MemorySegment.NULL)));
            return to.get(JAVA_LONG, 0);
        }
    }

    /** Throws if a call failed. */
    static void require(String what, int code) {
        if (code == MEM_OBJECT_ALLOCATION_FAILURE
                || code == OUT_OF_RESOURCES
                || code == OUT_OF_HOST_MEMORY
                || code == INVALID_BUFFER_SIZE) {
            throw new DeviceMemoryException("OpenCL has no memory for a " + what + " (code " + code + ")");
        }
        if (code != 0) {
            throw new LabException("OpenCL refused a " + what + " with code " + code);
        }
    }
}
