package replklab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import replklab.base.ExitActions;
import replklab.base.LabException;
import replklab.base.LabHome;

/** Starts the Python that {@code lab} furnished, and takes it along when this process ends. */
final class PythonScript {
    /** How long a child may take to end in good order. */
    private static final int STOP_SECONDS = 10;

    private PythonScript() {}

    /** {@code .venv}'s Python followed by the given arguments, not yet started. */
    static ProcessBuilder python(List<String> arguments) {
        String named = System.getProperty("replklab.python");
        Path python = named == null ? LabHome.resolve(".venv", "bin", "python") : Path.of(named);
        if (!Files.isExecutable(python)) {
            throw new LabException("no Python at " + python + ": ./lab setup makes it");
        }
        List<String> command = new ArrayList<>(List.of(python.toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** The path of a script in {@code src/main/python}. */
    static String script(String name) {
        return Path.of(folder(), name).toString();
    }

    /** Where the scripts lie. */
    static String folder() {
        return LabHome.resolve("src", "main", "python").toString();
    }

    /** Starts a process that is stopped when this one ends, by Ctrl-C too. */
    static Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        Runnable stop = () -> stop(process);
        if (!ExitActions.add(ExitActions.Phase.SERVERS, stop)) {
            stop(process);
        }
        return process;
    }

    /** Asks a process to end, and makes it end when it does not listen. */
    static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
