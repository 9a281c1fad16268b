package replklab.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import replklab.base.HeapLevel;

/** The command line behind {@code ./lab}. Exit codes: 0 done, 1 failed, 2 wrong use. */
@Command(
        name = "./lab",
        description = "Reproduces the guidelines of RepLKNet (large-kernel CNNs, CVPR 2022) and keeps every run.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ListCommand.class,
            NewCommand.class,
            RunCommand.class,
            SweepCommand.class,
            CompareCommand.class,
            ShowCommand.class,
            RerunCommand.class,
            CleanCommand.class,
            ReportCommand.class,
            ModelCommand.class,
            ErfCommand.class,
            PlanCommand.class,
            DataCommand.class,
            BenchCommand.class,
            NotebookCommand.class,
            JShellCommand.class,
            MlflowCommand.class,
            TestCommand.class,
            SetupCommand.class,
            DocsCommand.class,
            PackageCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class,
        },
        footer = {
            "",
            "./lab help COMMAND says more about one of them. Exit codes: 0 done, 1 failed, 2 wrong use. "
                    + "Where no JDK 25 is found, ./lab offers to fetch one; ./lab --yes COMMAND does not ask, --no does not offer."
        })
public final class Main implements Runnable {
    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an unexpected error.")
    boolean verbose;

    /** Help in longer lines is hard to read. */
    private static final int WIDEST = 120;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        StandardError.restore();
        HeapLevel.keep();
        System.exit(commandLine().execute(arguments));
    }

    /** The command line with its error handling, for {@link #main} and for tests, which bring more commands. */
    static CommandLine commandLine(Object... more) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        for (Object command : more) {
            line.addSubcommand(command);
        }
        return line.setUsageHelpWidth(Math.min(WIDEST, Terminal.width()))
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(Errors::wrongUse)
                .setExecutionExceptionHandler((error, command, _) -> Errors.failed(error, command, main.verbose));
    }

    /** Without a command there is only this to say. */
    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
