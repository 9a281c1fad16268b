package replklab.tensor.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import replklab.device.Device;
import replklab.device.DeviceEvent;
import replklab.device.Devices;
import replklab.tensor.Activation;
import replklab.tensor.Backend;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.Operation;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * What {@code src/test/device/check.sh} runs where there is a card: each operation beside the CPU's, then times of depthwise convolutions by
 * the device's own clock. Arguments: a device's name, a file for the page, and the shape of the convolutions, NxCxHxW.
 */
public final class CardCheck {
    private static final int REPEATS = 10;

    private CardCheck() {}

    public static void main(String[] arguments) throws IOException {
        DeviceBackend device = new DeviceBackend(Devices.open(arguments[0]), Backend.current());
        StringBuilder page = new StringBuilder(
                "# On a device\n\n" + device.description() + "\n\n## Operations beside the CPU's\n\n");
        int failed = operations(device, page);
        String[] sizes = arguments[2].split("x");
        int[] shape = {
            Integer.parseInt(sizes[0]),
            Integer.parseInt(sizes[2]),
            Integer.parseInt(sizes[3]),
            Integer.parseInt(sizes[1])
        };
        page.append("\n## Depthwise convolution at ").append(arguments[2]).append(", float32\n\n");
        page.append("The fastest of ")
                .append(REPEATS)
                .append(" by the device's clock, after one that compiled it.\n\n");
        page.append("| kernel | forward, ms | gradients, ms | forward, TFLOP/s |\n|---|---|---|---|\n");
        for (int kernel : new int[] {3, 7, 13, 31}) {
            Backend.with(device, () -> page.append(times(device.memory().device(), kernel, shape)));
        }
        Files.writeString(Path.of(arguments[1]), page);
        System.out.print(page);
        System.exit(failed == 0 ? 0 : 1);
    }

    private static int operations(DeviceBackend device, StringBuilder page) {
        int failed = 0;
        int passed = 0;
        DeviceOperationsTest test = new DeviceOperationsTest();
        for (OperationCases.Case each : OperationCases.all()) {
            try {
                test.compare(device, each);
                passed++;
            } catch (AssertionError | RuntimeException e) {
                failed++;
                page.append("- FAILED ")
                        .append(each)
                        .append(": ")
                        .append(e.getMessage())
                        .append('\n');
            }
        }
        page.append(passed).append(" passed, ").append(failed).append(" failed\n");
        return failed;
    }

    private static String times(Device device, int kernel, int... shape) {
        Tensor x = random(shape);
        Tensor w = random(kernel, kernel, shape[3]);
        Tensor y = Tensor.empty(Shape.of(shape));
        Tensor dx = Tensor.empty(Shape.of(shape));
        Tensor dw = Tensor.empty(w.shape());
        double forward = seconds(device, new ConvolutionOperation.Depthwise(x, w, null, 1, 1, Activation.NONE, y));
        double backward = seconds(device, new ConvolutionOperation.DepthwiseGradient(x, w, 1, 1, y, dx, dw, null));
        double work = 2 * ConvolutionOperation.shape(x, kernel, 1, 1).validMacs();
        return String.format(
                Locale.ROOT,
                "| %dx%d | %.3f | %.3f | %.2f |%n",
                kernel,
                kernel,
                forward * 1e3,
                backward * 1e3,
                work / forward * 1e-12);
    }

    private static double seconds(Device device, Operation operation) {
        Backend.run(operation);
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < REPEATS; i++) {
            DeviceEvent before = device.mark();
            Backend.run(operation);
            best = Math.min(best, device.mark().secondsSince(before));
        }
        return best;
    }

    private static Tensor random(int... sizes) {
        return Tensor.normal(new SplittableRandom(1), 1, sizes);
    }
}
