package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Several programs at the same time. */
@Tag("crash")
class TwoAtOnceTest {
    private static final int TIMES = 2;

    /** They share the work, or one waits; both end well, and nothing is done twice. */
    @TestFactory
    Stream<DynamicTest> oneExperiment() {
        return times("the same experiment twice", story -> {
            try (Checkout checkout = Checkout.make(story, "one")) {
                LabProcess first = checkout.run("one", Map.of());
                Processes.pause(story.random().nextInt(3_000));
                LabProcess second = checkout.run("one", Map.of());
                bothEndWell(story, first, second);
                new Oracle(story).check(checkout, "one", Store.embedded(checkout.mlruns()));
                checkout.passed();
            }
        });
    }

    /** The same with a notebook beside the command line. */
    @TestFactory
    Stream<DynamicTest> notebookBesideTheCommandLine() {
        Kernel.require();
        return times("a notebook and the command line", story -> {
            try (Checkout checkout = Checkout.make(story, "one")) {
                LabProcess cell = Kernel.run(checkout, "one");
                Processes.pause(story.random().nextInt(6_000));
                LabProcess program = checkout.run("one", Map.of());
                bothEndWell(story, cell, program);
                new Oracle(story).check(checkout, "one", Store.embedded(checkout.mlruns()));
                checkout.passed();
            }
        });
    }

    /** They run side by side, with one server. */
    @TestFactory
    Stream<DynamicTest> twoExperiments() {
        return times("two experiments", story -> {
            try (Checkout checkout = Checkout.make(story, "one", "two")) {
                LabProcess first = checkout.run("one", Map.of());
                Processes.pause(story.random().nextInt(3_000));
                LabProcess second = checkout.run("two", Map.of());
                bothEndWell(story, first, second);
                Store store = Store.embedded(checkout.mlruns());
                new Oracle(story).check(checkout, "one", store);
                new Oracle(story).check(checkout, "two", store);
                checkout.passed();
            }
        });
    }

    /** Who started the server dies; the other program goes on with it, or with another. */
    @TestFactory
    Stream<DynamicTest> theServersStarterIsKilled() {
        return times("the starter of a shared server is killed", story -> {
            try (Checkout checkout = Checkout.make(story, "one", "two")) {
                LabProcess first = checkout.run("one", Map.of());
                Processes.await(() -> Processes.files(checkout.runs("one")) > 0 || !first.alive(), 300_000);
                LabProcess second = checkout.run("two", Map.of());
                Processes.await(() -> Processes.files(checkout.runs("two")) > 0 || !second.alive(), 300_000);
                story.tell("SIGKILL of the first program");
                first.kill();
                Summary.kill(Kills.Kind.PROGRAM_EMBEDDED.toString());
                assertThat(second.await(story))
                        .as("exit code\n%s\n%s", story, second.said())
                        .isZero();
                checkout.finish("one", Map.of());
                Store store = Store.embedded(checkout.mlruns());
                new Oracle(story).check(checkout, "one", store);
                new Oracle(story).check(checkout, "two", store);
                checkout.passed();
            }
        });
    }

    /** Two checkouts whose servers start at once: each gets its own runs. */
    @TestFactory
    Stream<DynamicTest> twoCheckouts() {
        return times("two checkouts", story -> {
            try (Checkout one = Checkout.make(story, "one");
                    Checkout two = Checkout.make(story, "two")) {
                LabProcess first = one.run("one", Map.of());
                LabProcess second = two.run("two", Map.of());
                bothEndWell(story, first, second);
                new Oracle(story).check(one, "one", Store.embedded(one.mlruns()));
                new Oracle(story).check(two, "two", Store.embedded(two.mlruns()));
                one.passed();
                two.passed();
            }
        });
    }

    private interface Body {
        void run(Story story) throws IOException;
    }

    private static Stream<DynamicTest> times(String name, Body body) {
        return IntStream.range(0, TIMES)
                .mapToObj(n -> CrashCase.of(name + ", " + n, () -> body.run(new Story(name + ", " + n))));
    }

    private static void bothEndWell(Story story, LabProcess first, LabProcess second) throws IOException {
        assertThat(List.of(first.await(story), second.await(story)))
                .as("exit codes\n%s\n%s\n%s", story, first.said(), second.said())
                .containsOnly(0);
    }
}
