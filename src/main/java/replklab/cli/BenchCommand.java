package replklab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./lab bench}: ours beside every peer, in one run. */
@Command(
        name = "bench",
        description = "Measures ours beside ND4J, PyTorch, ONNX Runtime and OpenVINO (bench conv, bench model).",
        synopsisSubcommandLabel = "conv|model",
        mixinStandardHelpOptions = true,
        subcommands = {BenchConvCommand.class, BenchModelCommand.class})
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench what? There are conv and model");
    }
}
