package replklab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;

/** Turns exceptions into what the user reads on standard error, and into exit codes. */
final class Errors {
    /** What picocli's help command says. */
    private static final Pattern OF_HELP = Pattern.compile("Unknown subcommand '(.*)'[.]");

    private Errors() {}

    /** A command line that picocli refused: its message, near names if it knows any, and where to read on. */
    static int wrongUse(ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        Optional<String> unknown = unknownCommand(error);
        if (unknown.isPresent()) {
            CommandLine whole = command.getCommand() instanceof CommandLine.HelpCommand ? command.getParent() : command;
            err.println(UsageException.unknown(
                            "command", unknown.get(), whole.getSubcommands().keySet())
                    .getMessage());
            err.println("See: " + helpFor(whole));
            err.flush();
            return ExitCode.USAGE;
        }
        boolean ours = error.getCause() instanceof UsageException;
        err.println(ours ? error.getCause().getMessage() : error.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(error, err)) {
            err.println("See: " + helpFor(command));
        }
        err.flush();
        return ExitCode.USAGE;
    }

    /** What stands where a command should: after {@code ./lab} or one that has commands of its own, or after {@code help}. */
    private static Optional<String> unknownCommand(ParameterException error) {
        Matcher ofHelp = OF_HELP.matcher(String.valueOf(error.getMessage()));
        if (ofHelp.matches()) {
            return Optional.of(ofHelp.group(1));
        }
        CommandLine command = error.getCommandLine();
        if (error instanceof UnmatchedArgumentException unmatched
                && !command.getSubcommands().isEmpty()
                && !unmatched.getUnmatched().isEmpty()
                && !unmatched.getUnmatched().getFirst().startsWith("-")) {
            return Optional.of(unmatched.getUnmatched().getFirst());
        }
        return Optional.empty();
    }

    /** An exception out of a command. */
    static int failed(Exception error, CommandLine command, boolean verbose) {
        PrintWriter err = command.getErr();
        int code = error instanceof UsageException ? ExitCode.USAGE : ExitCode.SOFTWARE;
        if (error instanceof LabException) {
            err.println(error.getMessage());
            if (verbose) {
                error.printStackTrace(err);
            }
        } else if (verbose) {
            error.printStackTrace(err);
        } else {
            err.println("Unexpected error: " + error);
            err.println("Its stack trace is in " + keep(error) + "; --verbose prints it.");
        }
        err.flush();
        return code;
    }

    private static String helpFor(CommandLine command) {
        CommandLine parent = command.getParent();
        return parent == null
                ? "./lab help"
                : parent.getCommandSpec().qualifiedName(" ") + " help " + command.getCommandName();
    }

    private static Path keep(Exception error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace, true));
        String name = "error-"
                + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now(ZoneId.systemDefault()))
                + ".txt";
        try {
            Path folder = Files.createDirectories(LabHome.resolve(".lab"));
            return Files.writeString(folder.resolve(name), trace.toString());
        } catch (IOException | LabException e) {
            try {
                return Files.writeString(Files.createTempFile("replklab-", "-" + name), trace.toString());
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
        }
    }
}
