package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This project's Python with what {@code requirements-server.txt} adds for a server that many share; it stays for the next time. */
final class ServerPython {
    private static final Path VENV = LabProcess.project(".venv-server");
    private static final Path REQUIREMENTS = LabProcess.project("requirements-server.txt");

    private ServerPython() {}

    /** The interpreter. */
    static Path get() throws IOException, InterruptedException {
        Path python = VENV.resolve("bin/python");
        Path mark = VENV.resolve("requirements.installed");
        String wanted = Files.readString(REQUIREMENTS);
        if (!Files.exists(mark) || !Files.readString(mark).equals(wanted)) {
            said(List.of(LabProcess.python().toString(), "-m", "venv", "--clear", VENV.toString()));
            String places = said(List.of(
                    LabProcess.python().toString(),
                    "-c",
                    "import sys; print('\\n'.join(p for p in sys.path if p.endswith('-packages')))"));
            String own =
                    said(List.of(python.toString(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"));
            Files.writeString(Path.of(own.strip()).resolve("project.pth"), places);
            said(List.of(
                    python.toString(),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "-r",
                    REQUIREMENTS.toString()));
            Files.writeString(mark, wanted);
        }
        return python;
    }

    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", command).isZero();
        return text;
    }
}
