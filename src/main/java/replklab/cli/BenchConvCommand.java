package replklab.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.bench.BenchGrid;
import replklab.bench.BenchKind;
import replklab.bench.Contestants;
import replklab.bench.ConvCase;
import replklab.bench.Effort;
import replklab.bench.PeerEnvironment;

/** {@code ./lab bench conv}. */
@Command(
        name = "conv",
        description = "Depthwise convolution, ours beside ND4J's op, PyTorch and ONNX Runtime.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Writes results/bench/, or results/bench/trial/ when options narrow it. The Python peers are installed "
                    + "on first use. An interrupted benchmark goes on when the same command is given again."
        })
final class BenchConvCommand implements Callable<Integer> {
    @Mixin
    private BenchOptions options;

    @Option(
            names = "--shape",
            split = ",",
            paramLabel = "NxCxHxW,...",
            hideParamSyntax = true,
            description = "Shapes; by default 4x64x56x56, 4x128x28x28, 4x256x14x14 and 4x512x7x7.")
    private List<String> shapes = List.of();

    @Option(
            names = "--kernel",
            split = ",",
            paramLabel = "K,...",
            hideParamSyntax = true,
            description = "Kernel sizes; by default 3, 7, 13 and 31 where the map is not too small.")
    private List<Integer> kernels = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<ConvCase> cases = BenchGrid.convolutions(shapes, kernels, options.passes(), options.quick());
        List<String> peers = Contestants.convolutionPeers();
        List<String> names = options.chosen(Contestants.ownConvolutions(), peers, peers);
        return options.run(
                BenchKind.CONV,
                shapes.isEmpty() && kernels.isEmpty(),
                cases,
                options.quick() ? Effort.CONV_QUICK : Effort.CONV,
                names,
                "./lab bench conv" + Arguments.of(spec),
                effort -> Contestants.convolutions(names, PeerEnvironment.python(), effort));
    }
}
