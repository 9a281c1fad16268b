package replklab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import replklab.base.UsageException;

/** {@code ./lab docs}: the script {@code lab} does it, since it is Maven's work; this class is its help. */
@Command(
        name = "docs",
        description = "Builds the library's API documentation, with search, and prints where it lies.",
        mixinStandardHelpOptions = true)
final class DocsCommand implements Runnable {
    @Option(names = "--open", description = "Also opens it in the browser.")
    boolean open;

    @Override
    public void run() {
        throw new UsageException("start it as ./lab docs, from a checkout");
    }
}
