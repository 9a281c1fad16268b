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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** A cell with {@code Lab.run} in the real kernel, which is killed or interrupted. */
@Tag("crash")
class KernelKillsTest {
    private static final int CASES = Integer.getInteger("crash.kernels", 6);

    @BeforeAll
    static void requireKernel() {
        assumeTrue(Files.isExecutable(LabProcess.python()), "no .venv: ./lab setup makes it");
    }

    /** A killed kernel's work is finished by the command line; an interrupted cell is run again in the same kernel. */
    @TestFactory
    Stream<DynamicTest> records() {
        return IntStream.range(0, CASES).mapToObj(n -> {
            boolean interrupt = n % 3 == 2;
            String words = interrupt ? "interrupt of a cell" : "SIGKILL of a kernel";
            return CrashCase.of(words + ", " + n, () -> records("kernel-" + n, words, interrupt));
        });
    }

    private static void records(String name, String words, boolean interrupt) throws IOException {
        Story story = new Story(name);
        try (Checkout checkout = Checkout.make(story, name)) {
            register(checkout);
            LabProcess cell = cell(checkout, name);
            Kills.waitForMoment(story, checkout, name, cell, 0);
            story.tell(words + ", " + cell.millis() + " ms after the start");
            if (cell.alive()) {
                Summary.kill(words);
                if (interrupt) {
                    Processes.signal(cell.pid(), "USR1");
                } else {
                    Processes.signal(Long.parseLong(cell.output().strip()), "KILL");
                }
            }
            int code = cell.await(story);
            if (interrupt) {
                assertThat(code)
                        .as("the cell, run again\n%s\n%s", story, cell.said())
                        .isZero();
            } else {
                checkout.finish(name, Map.of());
            }
            new Oracle(story).check(checkout, name, Store.embedded(checkout.mlruns()));
            checkout.passed();
        }
    }

    private static LabProcess cell(Checkout checkout, String experiment) throws IOException {
        String code = "replklab.notebook.Lab.run(\"%s\", replklab.experiment.Profile.SMOKE).effects().size()"
                .formatted(experiment);
        return checkout.start(
                List.of(
                        LabProcess.python().toString(),
                        LabProcess.project("src/test/resources/replklab/crash/kernel_cell.py")
                                .toString(),
                        "replk-lab",
                        code),
                Map.of("JUPYTER_PATH", checkout.root().resolve("share/jupyter").toString()));
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
