package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Results on a disk that is full, fills up or cannot be written: when there is room again, the next call does the rest. */
@Tag("crash")
class DiskTest extends BesideOneServer {
    @TestFactory
    Stream<DynamicTest> littleRoom() {
        return LongStream.of(0, 4, 12, 20, 40, 64, 100, 160, 260)
                .mapToObj(kilobytes -> CrashCase.of("disk with " + kilobytes + " kB left", () -> {
                    Story story = new Story("disk-" + kilobytes);
                    try (Checkout checkout = Checkout.make(story, story.name());
                            SmallDisk disk = SmallDisk.mount(checkout.root().resolve("results"))) {
                        disk.leave(kilobytes * 1024);
                        LabProcess program = checkout.run(story.name(), mlflow.environment());
                        program.await(story);
                        ServerFaultTest.polite(story, program);
                        disk.empty();
                        finish(story, checkout);
                    }
                }));
    }

    /** The disk is full from a random moment on. */
    @TestFactory
    Stream<DynamicTest> noRoomAnyMore() {
        return LongStream.range(0, 4)
                .mapToObj(n -> CrashCase.of("disk full in the middle, " + n, () -> {
                    Story story = new Story("full-" + n);
                    try (Checkout checkout = Checkout.make(story, story.name());
                            SmallDisk disk = SmallDisk.mount(checkout.root().resolve("results"))) {
                        LabProcess program = checkout.run(story.name(), mlflow.environment());
                        Oracle.Reference usual = Oracle.reference();
                        Processes.await(
                                () -> !program.alive() || Processes.files(checkout.runs(story.name())) > 0,
                                10 * usual.startMillis() + 60_000);
                        Processes.pause(story.random().nextLong(usual.millis() - usual.startMillis()));
                        disk.leave(story.random().nextInt(3) * 4096);
                        story.tell("the disk is full");
                        program.await(story);
                        ServerFaultTest.polite(story, program);
                        disk.empty();
                        finish(story, checkout);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> readOnly() {
        return Stream.of(CrashCase.of("results cannot be written", () -> {
            Story story = new Story("read-only");
            try (Checkout checkout = Checkout.make(story, story.name());
                    SmallDisk disk = SmallDisk.mount(checkout.root().resolve("results"))) {
                disk.readOnly(true);
                LabProcess program = checkout.run(story.name(), mlflow.environment());
                assertThat(program.await(story)).as("exit code\n%s", story).isEqualTo(1);
                ServerFaultTest.polite(story, program);
                assertThat(program.errors()).contains("results");
                disk.readOnly(false);
                finish(story, checkout);
            }
        }));
    }

    /** Without the right to mount, this still makes writes fail: no file may grow beyond a limit. */
    @TestFactory
    Stream<DynamicTest> filesThatMayNotGrow() {
        return LongStream.of(512, 2_000, 5_000, 12_000, 40_000)
                .mapToObj(bytes -> CrashCase.of("no file beyond " + bytes + " bytes", () -> {
                    Story story = new Story("limit-" + bytes);
                    try (Checkout checkout = Checkout.make(story, story.name())) {
                        LabProcess program =
                                checkout.run(story.name(), mlflow.environment(), "prlimit", "--fsize=" + bytes);
                        program.await(story);
                        finish(story, checkout);
                    }
                }));
    }

    private static void finish(Story story, Checkout checkout) throws IOException {
        checkout.finish(story.name(), mlflow.environment());
        new Oracle(story).withErrors().check(checkout, story.name(), mlflow.store());
        checkout.passed();
    }
}
