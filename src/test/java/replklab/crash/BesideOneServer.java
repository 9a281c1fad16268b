package replklab.crash;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Cases whose programs all log to one MLflow server, which the class starts. */
abstract class BesideOneServer {
    @TempDir
    static Path folder;

    static MlflowProcess mlflow;

    @BeforeAll
    static void start() throws IOException {
        mlflow = MlflowProcess.start(folder);
    }

    @AfterAll
    static void stop() {
        mlflow.close();
    }
}
