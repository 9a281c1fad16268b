package replklab.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import replklab.base.LabException;

/** The functions of CUDA's driver that are used here (NVIDIA, CUDA Driver API); the names are those of their newest versions. */
final class CudaDriver {
    /** Names the library to load instead of the system's driver. */
    static final String LIBRARY = "REPLKLAB_CUDA";

    static final int OUT_OF_MEMORY = 2;
    static final int NO_DEVICE = 100;
    static final int MAX_THREADS_PER_BLOCK = 1;
    static final int CAPABILITY_MAJOR = 75;
    static final int CAPABILITY_MINOR = 76;

    private final MethodHandle init;
    private final MethodHandle driverGetVersion;
    private final MethodHandle deviceGetCount;
    private final MethodHandle deviceGet;
    private final MethodHandle deviceGetName;
    private final MethodHandle deviceGetAttribute;
    private final MethodHandle deviceTotalMem;
    final MethodHandle devicePrimaryCtxRetain;
    final MethodHandle ctxSetCurrent;
    final MethodHandle streamCreate;
    final MethodHandle streamSynchronize;
    final MethodHandle memAlloc;
    final MethodHandle memFree;
    final MethodHandle memcpyToDevice;
    final MethodHandle memcpyToHost;
    final MethodHandle memcpyOnDevice;
    final MethodHandle moduleLoadData;
    final MethodHandle moduleGetFunction;
    final MethodHandle launchKernel;
    final MethodHandle eventCreate;
    final MethodHandle eventRecord;
    final MethodHandle eventSynchronize;
    final MethodHandle eventElapsedTime;

    private CudaDriver(NativeLibrary library) {
        init = library.function("cuInit", JAVA_INT);
        driverGetVersion = library.function("cuDriverGetVersion", ADDRESS);
        deviceGetCount = library.function("cuDeviceGetCount", ADDRESS);
        deviceGet = library.function("cuDeviceGet", ADDRESS, JAVA_INT);
        deviceGetName = library.function("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
        deviceGetAttribute = library.function("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
        deviceTotalMem = library.function("cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
        devicePrimaryCtxRetain = library.function("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT);
        ctxSetCurrent = library.function("cuCtxSetCurrent", ADDRESS);
        streamCreate = library.function("cuStreamCreate", ADDRESS, JAVA_INT);
        streamSynchronize = library.function("cuStreamSynchronize", ADDRESS);
        memAlloc = library.function("cuMemAlloc_v2", ADDRESS, JAVA_LONG);
        memFree = library.function("cuMemFree_v2", JAVA_LONG);
        memcpyToDevice = library.function("cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
        memcpyToHost = library.function("cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
        memcpyOnDevice = library.function("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
        moduleLoadData = library.function("cuModuleLoadData", ADDRESS, ADDRESS);
        moduleGetFunction = library.function("cuModuleGetFunction", ADDRESS, ADDRESS, ADDRESS);
        launchKernel = library.function(
                "cuLaunchKernel",
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        eventCreate = library.function("cuEventCreate", ADDRESS, JAVA_INT);
        eventRecord = library.function("cuEventRecord", ADDRESS, ADDRESS);
        eventSynchronize = library.function("cuEventSynchronize", ADDRESS);
        eventElapsedTime = library.function("cuEventElapsedTime", ADDRESS, ADDRESS, ADDRESS);
    }

    /** Loads the driver; empty where the system has none. */
    static Optional<CudaDriver> load() {
        String given = System.getenv(LIBRARY);
        return NativeLibrary.open(given != null ? List.of(given) : List.of("libcuda.so.1", "nvcuda.dll"))
                .map(CudaDriver::new);
    }

    /** How many cards it finds. */
    int devices() {
        int code = NativeLibrary.call(() -> (int) init.invokeExact(0));
        if (code == NO_DEVICE) {
            return 0;
        }
        require("start", code);
        return number("count of devices", to -> (int) deviceGetCount.invokeExact(to));
    }

    /** The driver's handle of a card. */
    int device(int index) {
        return number("device " + index, to -> (int) deviceGet.invokeExact(to, index));
    }

    String deviceName(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(256);
            call("name of a device", () -> (int) deviceGetName.invokeExact(to, 256, device));
            return to.getString(0, StandardCharsets.UTF_8).strip();
        }
    }

    int attribute(int device, int what) {
        return number("attribute of a device", to -> (int) deviceGetAttribute.invokeExact(to, what, device));
    }

    long memoryBytes(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(JAVA_LONG);
            call("memory of a device", () -> (int) deviceTotalMem.invokeExact(to, device));
            return to.get(JAVA_LONG, 0);
        }
    }

    /** The newest CUDA that the driver knows, such as {@code 13.0}. */
    String version() {
        int version = number("version", to -> (int) driverGetVersion.invokeExact(to));
        return version / 1000 + "." + version % 1000 / 10;
    }

    private interface Asking {
        int ask(MemorySegment to) throws Throwable;
    }

    private static int number(String what, Asking asking) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(JAVA_INT);
            call(what, () -> asking.ask(to));
            return to.get(JAVA_INT, 0);
        }
    }

    /** Calls, and throws if that failed. */
    static void call(String what, NativeLibrary.Call call) {
        require(what, NativeLibrary.call(call));
    }

    private static void require(String what, int code) {
        if (code == OUT_OF_MEMORY) {
            throw new DeviceMemoryException("CUDA has no memory for a " + what);
        }
        if (code != 0) {
            throw new LabException("CUDA's driver refused a " + what + " with code " + code);
        }
    }
}
