package replklab.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import replklab.base.UsageException;

/** {@code ./lab package}: the script {@code lab} does it, which makes the same things ready in a checkout; this class is its help. */
@Command(
        name = "package",
        description =
                "Packs one archive that needs neither a JDK nor Maven nor a checkout, for other machines like this one.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "It prints where the archive lies: DIR/replk-lab-VERSION-SYSTEM.tar.gz. Unpacked, its lab is this one. docs/install.md says more."
        })
final class PackageCommand implements Runnable {
    @Option(names = "--output", paramLabel = "DIR", description = "Where to write it; target/ by default.")
    Path output;

    @Option(
            names = "--allow-dirty",
            description = "Pack a checkout that differs from its commit, too; the archive and its runs say so.")
    boolean allowDirty;

    @Override
    public void run() {
        throw new UsageException("start it as ./lab package, from a checkout");
    }
}
