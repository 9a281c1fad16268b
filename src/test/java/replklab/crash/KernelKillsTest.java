package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
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
        Kernel.require();
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
            LabProcess cell = Kernel.run(checkout, name);
            Kills.waitForMoment(story, checkout, name, cell, 0);
            story.tell(words + ", " + cell.millis() + " ms after the start");
            if (cell.alive()) {
                Summary.kill(words);
                if (interrupt) {
                    Processes.signal(cell.pid(), "USR1");
                } else {
                    Processes.signal(Kernel.pid(cell), "KILL");
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
}
