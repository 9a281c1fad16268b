package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cells in the real notebook kernel, on a checkout. */
final class Kernel {
    private static final String PREFIX = "share/jupyter";

    private Kernel() {}

    /** Skips the test where there is no Jupyter. */
    static void require() {
        assumeTrue(Files.isExecutable(LabProcess.python()), "no .venv: ./lab setup makes it");
    }

    /** A kernel with one cell that does what {@code ./lab run} does. */
    static LabProcess run(Checkout checkout, String experiment) throws IOException {
        return cell(
                checkout,
                "replklab.notebook.Lab.run(\"%s\", replklab.experiment.Profile.SMOKE).effects().size()"
                        .formatted(experiment));
    }

    /** A kernel with one cell; prints the kernel's process id first. */
    static LabProcess cell(Checkout checkout, String code) throws IOException {
        if (!Files.exists(checkout.root().resolve(PREFIX))) {
            register(checkout);
        }
        return checkout.start(
                List.of(
                        LabProcess.python().toString(),
                        LabProcess.project("src/test/resources/replklab/crash/kernel_cell.py")
                                .toString(),
                        "replk-lab",
                        code),
                Map.of("JUPYTER_PATH", checkout.root().resolve(PREFIX).toString()));
    }

    /** The kernel's process id, which a cell's program prints when the kernel is ready. */
    static long pid(LabProcess cell) throws IOException {
        while (!cell.output().endsWith("\n")) {
            if (!cell.alive()) {
                throw new AssertionError("no kernel: " + cell.said());
            }
            Processes.pause(20);
        }
        return Long.parseLong(cell.output().strip());
    }

    private static void register(Checkout checkout) throws IOException {
        List<String> java = LabProcess.java(checkout.root());
        List<String> arguments = new ArrayList<>(Files.readAllLines(LabProcess.project("src/main/jvm.options")));
        java.stream().filter(word -> word.startsWith("-D")).forEach(word -> arguments.add("\"" + word + "\""));
        Path file = Files.write(checkout.root().resolve("java.args"), arguments);
        Process register = new ProcessBuilder(
                        LabProcess.python().toString(),
                        LabProcess.project("src/main/python/register_kernel.py").toString(),
                        "--prefix",
                        checkout.root().toString(),
                        "--java",
                        java.getFirst(),
                        "--arguments",
                        file.toString(),
                        "--classpath",
                        classPath())
                .inheritIO()
                .start();
        try {
            assertThat(register.waitFor()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** This JVM's class path without the compile-time part of the kernel, which brings a newer one. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("jjava-jupyter"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
