package replklab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./lab bench}: ours beside every peer, in one run. */
@Command(
        name = "bench",
        description =
                "Measures ours beside the peers: convolutions, networks, reading images (bench conv, model, data).",
        synopsisSubcommandLabel = "conv|model|data",
        mixinStandardHelpOptions = true,
        subcommands = {BenchConvCommand.class, BenchModelCommand.class, BenchDataCommand.class})
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench what? There are conv, model and data");
    }
}
