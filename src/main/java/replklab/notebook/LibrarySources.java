package replklab.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import replklab.base.LabHome;

/** Where JShell, and a notebook's kernel with it, finds Javadoc: the JDK's sources, if it has them, and ours. */
public final class LibrarySources {
    private LibrarySources() {}

    /** JShell itself looks at the JDK's sources alone, and has no option for others: so this goes where its own tests put theirs. */
    public static void show() {
        try {
            Field sources =
                    Class.forName("jdk.jshell.SourceCodeAnalysisImpl").getDeclaredField("availableSourcesOverride");
            sources.setAccessible(true); // jvm.options opens the package
            sources.set(null, find());
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            // Another JDK's JShell; it shows what it finds itself.
        }
    }

    private static List<Path> find() {
        List<Path> found = new ArrayList<>();
        LabHome.find().map(root -> root.resolve("src", "main", "java")).ifPresent(found::add);
        Path jdk = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (Files.isReadable(jdk)) {
            try {
                FileSystem zip = FileSystems.newFileSystem(jdk, Map.of()); // open for as long as the program runs
                try (DirectoryStream<Path> modules = Files.newDirectoryStream(zip.getPath("/"), Files::isDirectory)) {
                    modules.forEach(found::add);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }
}
