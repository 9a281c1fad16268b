package replklab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;
import replklab.conv.DepthwisePass;
import replklab.conv.DepthwisePlanner;
import replklab.conv.DepthwiseTask;

/** {@code ./lab plan}: asks the depthwise planner why, and has it measure this machine. */
@Command(
        name = "plan",
        description = "Which algorithm computes a depthwise convolution here, and why; measures this machine.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The choice follows from costs that were measured on this machine at set-up and are kept in "
                    + ".lab/depthwise-costs.txt. -Dreplklab.depthwise=direct (or fft, or auto) overrides it, and "
                    + "./lab run --plan FILE repeats the plan of an earlier run."
        })
final class PlanCommand implements Callable<Integer> {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,6})x(\\d{1,6})x(\\d{1,6})x(\\d{1,6})");

    @Option(
            names = "--shape",
            paramLabel = "NxCxHxW",
            defaultValue = "4x64x56x56",
            description = "Batch, channels, height and width; ${DEFAULT-VALUE} by default.")
    String shape;

    @Option(
            names = "--kernel",
            paramLabel = "K,...",
            hideParamSyntax = true,
            split = ",",
            defaultValue = "3,7,13,31",
            description = "Kernel sizes, odd; ${DEFAULT-VALUE} by default.")
    List<Integer> kernels = new ArrayList<>();

    @Option(names = "--small", paramLabel = "K", description = "Kernel size of a parallel small kernel.")
    int small;

    @Option(names = "--measure", description = "Measure this machine first (1 to 5 seconds) and remember it.")
    boolean measure;

    @Override
    public Integer call() {
        DepthwisePlanner planner = DepthwisePlanner.current();
        if (measure) {
            planner.measure();
        }
        for (int kernel : kernels) {
            ConvolutionShape of = shape(kernel);
            for (DepthwisePass pass : small == 0
                    ? DepthwisePass.values()
                    : new DepthwisePass[] {DepthwisePass.FORWARD, DepthwisePass.GRADIENTS}) {
                System.out.println(planner.explain(new DepthwiseTask(of, pass, small)));
            }
        }
        return 0;
    }

    private ConvolutionShape shape(int kernel) {
        Matcher m = SHAPE.matcher(shape);
        if (!m.matches()) {
            throw new UsageException(
                    "--shape is '" + shape + "'; it must be batch x channels x height x width, such as 4x64x56x56");
        }
        return new ConvolutionShape(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(3)),
                Integer.parseInt(m.group(4)),
                Integer.parseInt(m.group(2)),
                kernel,
                1,
                1);
    }
}
