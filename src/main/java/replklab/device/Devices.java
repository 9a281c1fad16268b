package replklab.device;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.LabException;
import replklab.base.UsageException;

/** The accelerators of this machine, by name. */
public final class Devices {
    private static final Pattern NAME = Pattern.compile("([a-z]+)(?::(\\d{1,3}))?");
    private static final Map<String, Device> OPEN = new ConcurrentHashMap<>();

    private Devices() {}

    /**
     * The device of a name; the same one at every call.
     *
     * @param name {@code opencl} or {@code cuda}, with {@code :1} and so on behind it for another than the first
     * @throws UsageException if it is not the name of a device
     * @throws LabException if there is no such device here, with what there is instead
     */
    public static Device open(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches() || !List.of("opencl", "cuda").contains(parts.group(1))) {
            throw new UsageException("unknown device '" + name
                    + "' (known: cpu, opencl, cuda; with :1 and so on behind it for another than the first)");
        }
        int index = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
        return OPEN.computeIfAbsent(
                parts.group(1) + ":" + index,
                full -> full.startsWith("cuda") ? cuda(full, index) : openCl(full, index));
    }

    private static Device openCl(String name, int index) {
        OpenCl cl = OpenCl.load()
                .orElseThrow(
                        () -> new LabException("there is no OpenCL here (libOpenCL.so.1, and a driver of the device;"
                                + " on Debian and Ubuntu ocl-icd-libopencl1, and pocl-opencl-icd for the processor itself);"
                                + " without --device the CPU computes"));
        List<MemorySegment> devices = cl.devices();
        require(name, index, devices.size(), "OpenCL");
        return new OpenClDevice(cl, name, devices.get(index));
    }

    private static Device cuda(String name, int index) {
        CudaDriver driver = CudaDriver.load()
                .orElseThrow(() -> new LabException(
                        "there is no NVIDIA driver here (libcuda.so.1); without --device the CPU computes"));
        require(name, index, driver.devices(), "NVIDIA's driver");
        Optional<Nvrtc> compiler = Nvrtc.load();
        return new CudaDevice(
                driver,
                compiler.orElseThrow(
                        () -> new LabException("NVIDIA's compiler NVRTC is not here (libnvrtc.so.13 or .12, of"
                                + " the CUDA toolkit); .venv/bin/pip install nvidia-cuda-nvrtc brings it, in 60 MB")),
                name,
                index);
    }

    private static void require(String name, int index, int found, String where) {
        if (index >= found) {
            throw new LabException("there is no device " + name + ": " + where + " knows "
                    + switch (found) {
                        case 0 -> "none";
                        case 1 -> "one alone, number 0";
                        default -> found + ", numbers 0 to " + (found - 1);
                    }
                    + "; without --device the CPU computes");
        }
    }
}
