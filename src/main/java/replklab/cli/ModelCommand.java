package replklab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./lab model}: networks and their weights files. */
@Command(
        name = "model",
        description = "Networks and weights files: sizes, outputs, merged kernels, gradients, ONNX, accuracy.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            ModelInfoCommand.class,
            ModelPredictCommand.class,
            ModelMergeCommand.class,
            ModelGradientsCommand.class,
            ModelExportCommand.class,
            ModelEvaluateCommand.class,
            ModelParityCommand.class
        })
final class ModelCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "model what? There are "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
