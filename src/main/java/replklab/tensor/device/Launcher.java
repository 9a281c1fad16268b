package replklab.tensor.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import replklab.device.DeviceArray;
import replklab.device.DeviceKernel;
import replklab.device.DeviceMemory;
import replklab.device.Groups;
import replklab.device.KernelSource;
import replklab.tensor.Tensor;

/** A device with its kernels, and the arrays that operations have there. */
final class Launcher {
    private final DeviceMemory memory;
    private final Map<Program, Map<String, DeviceKernel>> kernels = new ConcurrentHashMap<>();

    Launcher(DeviceMemory memory) {
        this.memory = memory;
    }

    /**
     * A file of kernels as it is compiled.
     *
     * @param constants what it decides when it is compiled
     */
    record Program(String file, Map<String, ?> constants) {
        static Program of(String file) {
            return new Program(file, Map.of());
        }

        KernelSource source() {
            return KernelSource.of(Launcher.class, file, constants);
        }
    }

    DeviceMemory memory() {
        return memory;
    }

    /**
     * Asks for a kernel; arguments as {@link DeviceKernel#launch} takes them, but whole arrays: they may not be lost, and lent to the
     * next who wants one, before the kernel that uses them stands in the queue.
     */
    void run(Program program, String function, Groups groups, Object... arguments) {
        try {
            kernels.computeIfAbsent(program, _ -> new ConcurrentHashMap<>())
                    .computeIfAbsent(function, _ -> memory.device().kernel(program.source(), function))
                    .launch(
                            groups,
                            Arrays.stream(arguments)
                                    .map(argument -> argument instanceof DeviceArray array ? array.buffer() : argument)
                                    .toArray());
        } finally {
            Reference.reachabilityFence(arguments);
        }
    }

    /** A tensor's array, to read; null for null. */
    DeviceArray in(Tensor tensor) {
        return tensor == null ? null : tensor.toRead(memory);
    }

    /** A tensor's array, all of which is written; null for null. */
    DeviceArray out(Tensor tensor) {
        return tensor == null ? null : tensor.toWrite(memory);
    }

    /** A tensor's array, which is read and written. */
    DeviceArray inOut(Tensor tensor) {
        in(tensor);
        return out(tensor);
    }

    /** So many floats, until they are given back. */
    Scratch scratch(long elements) {
        return new Scratch(memory.take(Math.max(1, elements) * Float.BYTES));
    }

    /** Numbers of the host. */
    Scratch upload(float... values) {
        return upload(arena -> arena.allocateFrom(ValueLayout.JAVA_FLOAT, values), values.length);
    }

    /** Whole numbers of the host. */
    Scratch upload(int... values) {
        return upload(arena -> arena.allocateFrom(ValueLayout.JAVA_INT, values), values.length);
    }

    private interface Placing {
        MemorySegment in(Arena arena);
    }

    private Scratch upload(Placing values, int count) {
        Scratch scratch = scratch(count);
        try (Arena arena = Arena.ofConfined()) {
            memory.device().write(values.in(arena), scratch.array().buffer());
        }
        return scratch;
    }

    /** The first numbers of an array, waited for. */
    float[] download(DeviceArray array, int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ValueLayout.JAVA_FLOAT, count);
            memory.device().read(array.buffer(), to);
            return to.toArray(ValueLayout.JAVA_FLOAT);
        } finally {
            Reference.reachabilityFence(array);
        }
    }

    /** An array between two kernels: they run in order, so it may go as soon as both are asked for. */
    static final class Scratch implements AutoCloseable {
        private final DeviceArray array;

        private Scratch(DeviceArray array) {
            this.array = array;
        }

        DeviceArray array() {
            return array;
        }

        @Override
        public void close() {
            array.giveBack();
        }
    }
}
