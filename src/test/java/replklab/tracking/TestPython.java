package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** The Python with MLflow that tests start servers with, wherever they say that the checkout is. */
public final class TestPython {
    private TestPython() {}

    /** Makes it known to the program, unless the build names another one. */
    public static void use() {
        if (System.getProperty(PythonEnvironment.PROPERTY) == null) {
            Path python = Path.of(".venv", "bin", "python").toAbsolutePath();
            assertThat(python)
                    .as("the Python with MLflow that ./lab setup makes; without it these tests cannot run")
                    .isExecutable();
            System.setProperty(PythonEnvironment.PROPERTY, python.toString());
        }
    }
}
