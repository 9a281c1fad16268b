package replklab.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import replklab.base.UserClasses;

/** Where classes of the user's own lie. */
final class ClassPathOption {
    @Option(
            names = "--class-path",
            paramLabel = "PATH[:PATH]",
            description =
                    "Where classes of your own lie: jars, folders of classes or of Java files, FOLDER/* for its jars.")
    private String path = "";

    /** The places; relative ones begin where the command was started. */
    List<Path> places() {
        return UserClasses.split(path, Path.of(""));
    }

    UserClasses classes() {
        return UserClasses.of(places());
    }
}
