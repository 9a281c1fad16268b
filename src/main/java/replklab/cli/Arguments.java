package replklab.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The arguments that a command got, to be written beside its result. */
final class Arguments {
    private Arguments() {}

    /** Each with a space before it, in the user's order, without those that change only what is printed. */
    static String of(CommandSpec command) {
        List<String> given = command.commandLine().getParseResult().expandedArgs();
        return given.stream()
                .filter(argument -> !argument.equals("--json") && !argument.equals("--fresh"))
                .map(argument -> " " + argument)
                .collect(Collectors.joining());
    }
}
