package replklab.tensor.device;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.device.Device;
import replklab.device.DeviceMemory;
import replklab.tensor.ArrayOperation;
import replklab.tensor.Backend;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.ConvolutionGradient;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwiseGradient;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.DepthwisePairGradient;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;
import replklab.tensor.CustomCall;
import replklab.tensor.ElementwiseOperation;
import replklab.tensor.ElementwiseOperation.GateGradient;
import replklab.tensor.NormOperation;
import replklab.tensor.Operation;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Reduction;
import replklab.tensor.SpaceOperation;
import replklab.tensor.Tensor;

/**
 * Computes on an accelerator. Tensors' numbers stay there until somebody reads them. The same device gives the same bits each
 * time; another one, or the CPU, may round differently. Arrays of more axes or images than its kernels count are handed to the CPU.
 */
public final class DeviceBackend implements Backend {
    /** What a grid of groups has along its second and third axis. */
    private static final int MOST_IMAGES = 65_535;

    private final Device device;
    private final Backend host;
    private final DeviceMemory memory;
    private final SumLaunches sums;
    private final ElementwiseLaunches elementwise;
    private final NormLaunches norms;
    private final SpaceLaunches space;
    private final ArrayLaunches arrays;
    private final ProductLaunches products;
    private final ConvolutionLaunches convolutions;
    private final DepthwiseLaunches depthwise;
    private final Set<Class<?>> handedOver = ConcurrentHashMap.newKeySet();

    /**
     * @param host computes what the device cannot
     * @throws LabException if the device is too small for the kernels
     */
    public DeviceBackend(Device device, Backend host) {
        if (device.maxGroupSize() < 256) {
            throw new LabException(device.description() + " runs " + device.maxGroupSize()
                    + " work items in a group at most; the kernels need 256");
        }
        this.device = device;
        this.host = host;
        this.memory = new DeviceMemory(device);
        Launcher launcher = new Launcher(memory);
        sums = new SumLaunches(launcher);
        elementwise = new ElementwiseLaunches(launcher, sums);
        norms = new NormLaunches(launcher, sums);
        space = new SpaceLaunches(launcher, sums);
        arrays = new ArrayLaunches(launcher);
        products = new ProductLaunches(launcher, sums);
        convolutions = new ConvolutionLaunches(launcher, products);
        depthwise = new DepthwiseLaunches(launcher, products);
    }

    @Override
    public String name() {
        return device.kind();
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public DeviceMemory memory() {
        return memory;
    }

    @Override
    public void execute(Operation operation) {
        if (!fits(operation)) {
            handOver(operation);
            return;
        }
        switch (operation) {
            case ConvolutionOperation convolution -> execute(convolution);
            case NormOperation norm -> norms.run(norm);
            case ElementwiseOperation each -> elementwise.run(each);
            case SpaceOperation image -> space.run(image);
            case ArrayOperation array -> arrays.run(array);
            case OptimiserStep step -> elementwise.run(step);
            case CustomCall call -> call.compute();
        }
    }

    private void execute(ConvolutionOperation operation) {
        switch (operation) {
            case Pointwise pointwise -> products.run(pointwise);
            case PointwiseGradient gradient -> products.run(gradient);
            case Depthwise single -> depthwise.run(single);
            case DepthwiseGradient gradient -> depthwise.run(gradient);
            case DepthwisePair pair -> depthwise.run(pair);
            case DepthwisePairGradient gradient -> depthwise.run(gradient);
            case Convolution convolution -> convolutions.run(convolution);
            case ConvolutionGradient gradient -> convolutions.run(gradient);
        }
    }

    private static boolean fits(Operation operation) {
        return switch (operation) {
            case ArrayOperation _ ->
                tensors(operation).allMatch(tensor -> tensor.shape().rank() <= ArrayLaunches.AXES);
            case ConvolutionOperation _, SpaceOperation _ ->
                tensors(operation)
                        .filter(tensor -> tensor.shape().rank() == 4)
                        .allMatch(tensor -> tensor.size(0) <= MOST_IMAGES);
            case GateGradient gradient -> gradient.x().size(0) <= MOST_IMAGES;
            default -> true;
        };
    }

    private static Stream<Tensor> tensors(Operation operation) {
        return Stream.concat(Arrays.stream(operation.reads()), Arrays.stream(operation.writes()))
                .filter(Objects::nonNull);
    }

    /** The CPU takes the numbers by itself, and the next kernel those that it wrote. */
    private void handOver(Operation operation) {
        if (handedOver.add(operation.getClass())) {
            System.err.println(operation.getClass().getSimpleName() + " of "
                    + tensors(operation).findFirst().orElseThrow().shape() + " is computed on the CPU: " + device.name()
                    + " counts " + ArrayLaunches.AXES + " axes and " + MOST_IMAGES + " images");
        }
        host.execute(operation);
    }

    @Override
    public double execute(Reduction reduction) {
        return sums.run(reduction);
    }

    @Override
    public void execute(Reduction reduction, Tensor scalar) {
        sums.run(reduction, scalar);
    }
}
