package replklab.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.WholeFile;

/** The Python that {@code ./lab setup} furnished. */
final class PythonEnvironment {
    /** System property that names another Python executable, one that has MLflow. */
    static final String PROPERTY = "replklab.python";

    private PythonEnvironment() {}

    static Path python() {
        String named = System.getProperty(PROPERTY);
        Path python = named == null ? LabHome.resolve(".venv", "bin", "python") : Path.of(named);
        if (!Files.isExecutable(python)) {
            throw new LabException("no Python with MLflow at " + python + ": ./lab setup makes it, or name one with -D"
                    + PROPERTY + "=EXECUTABLE; MLFLOW_TRACKING_URI names a server that runs already");
        }
        return python;
    }

    /** Writes a Python program of this package into a folder and gives its file. */
    static Path program(String name, Path folder) throws IOException {
        try (InputStream source = PythonEnvironment.class.getResourceAsStream(name)) {
            if (source == null) {
                throw new IllegalStateException(name + " is not among the program's resources");
            }
            Path file = folder.resolve(name);
            WholeFile.replace(file, source.readAllBytes());
            return file;
        }
    }
}
