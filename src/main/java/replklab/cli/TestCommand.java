package replklab.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import replklab.base.UsageException;

/** {@code ./lab test}: the script {@code lab} does it, because it needs Maven; this class is its help. */
@Command(
        name = "test",
        description =
                "Everything CI checks: format, compiler warnings, unit tests, all notebooks in the smoke profile.",
        mixinStandardHelpOptions = true)
final class TestCommand implements Runnable {
    @Parameters(paramLabel = "-- MAVEN-ARGUMENT", description = "Passed on to Maven, such as -- -Dtest=ConvTest.")
    private List<String> arguments = List.of();

    @Override
    public void run() {
        throw new UsageException(
                "start it as ./lab test" + (arguments.isEmpty() ? "" : " -- ...") + ", from a checkout");
    }
}
