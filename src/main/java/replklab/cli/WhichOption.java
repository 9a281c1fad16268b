package replklab.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import replklab.weights.WeightsFile.Choice;

/** Which weights of a file that holds several. */
final class WhichOption {
    @Option(
            names = "--which",
            paramLabel = "NAME",
            defaultValue = "",
            description =
                    "Of several weights in F, those of this name, such as the averaged model_ema or state_dict_ema. Without it"
                            + " those that were trained; what else there is, is listed.")
    private String name;

    String name() {
        return name;
    }

    /** Says what was taken and what was not. Standard output belongs to the result. */
    static void tell(CommandSpec command, Choice choice, List<String> leftOut) {
        PrintWriter err = command.commandLine().getErr();
        if (!choice.others().isEmpty()) {
            err.println("Taken: " + (choice.taken().isEmpty() ? "the outermost weights" : choice.taken())
                    + "; there is also " + String.join(", ", choice.others()) + " (--which)");
        }
        if (!leftOut.isEmpty()) {
            err.println("Left out: " + String.join(", ", leftOut));
        }
        err.flush();
    }
}
