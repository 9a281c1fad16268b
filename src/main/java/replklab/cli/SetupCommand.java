package replklab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import replklab.base.UsageException;

/** {@code ./lab setup}: the script {@code lab} does it, before there is any Java to run; this class is its help. */
@Command(
        name = "setup",
        description = "Makes everything ready (.venv, the built library, the kernel) and runs nothing.",
        mixinStandardHelpOptions = true)
final class SetupCommand implements Runnable {
    @Option(
            names = "--peers",
            description = "Instead, install what ./lab bench measures beside ours, into .venv-peers.")
    boolean peers;

    @Override
    public void run() {
        throw new UsageException("start it as ./lab setup, from a checkout");
    }
}
