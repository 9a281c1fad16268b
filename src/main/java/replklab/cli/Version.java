package replklab.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** What {@code ./lab --version} says. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "RepLK Lab " + Objects.requireNonNullElse(version, "(not packaged)"),
            "JDK %s (%s), %s %s"
                    .formatted(
                            Runtime.version(),
                            System.getProperty("java.vendor"),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"))
        };
    }
}
