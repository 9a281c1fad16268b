package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.Lease;

/** Several attempts at one run: one at a time as long as it lives, and one that is published whatever happens. */
class AttemptsTest {
    @TempDir
    private Path runs;

    private Path place;
    private Attempts attempts;

    @BeforeEach
    void make() {
        place = runs.resolve("kernel=3,seed=1");
        attempts = new Attempts(place);
    }

    private static Attempt.Mover mover(Attempt attempt) {
        return to -> Files.move(attempt.folder(), to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(Attempt attempt, String log) throws IOException {
        Files.createDirectories(attempt.folder());
        Files.writeString(attempt.folder().resolve("run.log"), log);
    }

    /** As if nothing had been heard of it for long. */
    private static void silence(Attempt attempt) throws IOException {
        Files.setLastModifiedTime(Lease.of(attempt.folder()), FileTime.from(Instant.EPOCH));
    }

    @Test
    void oneAtATimeAndNothingStaysBesideThePublished() throws IOException {
        try (Attempt attempt = attempts.begin().orElseThrow()) {
            write(attempt, "mine");
            assertThat(attempts.begin()).isEmpty();
            assertThat(attempts.alive()).isPresent();
            assertThat(attempt.publish(mover(attempt))).isTrue();
        }
        assertThat(runs).isDirectoryContaining(place::equals).isDirectoryNotContaining(Attempts::areIn);
        assertThat(place.resolve("run.log")).hasContent("mine");
        assertThat(attempts.alive()).isEmpty();
    }

    @Test
    void anAttemptThatLeftNothingIsFollowedByAnother() throws IOException {
        attempts.begin().orElseThrow().close();
        assertThat(runs).isEmptyDirectory();
        try (Attempt attempt = attempts.begin().orElseThrow()) {
            assertThat(attempt.isLost()).isFalse();
        }
    }

    /** It may come back: it wrote into its own folder alone, and finds that gone. */
    @Test
    void theNextOneTakesACopyOfWhatADeadOneLeft() throws IOException {
        Attempt first = attempts.begin().orElseThrow();
        write(first, "so far");
        Files.writeString(first.folder().resolve("checkpoint.safetensors"), "weights");
        Files.createDirectories(first.folder().resolve("artifacts"));
        Files.writeString(first.folder().resolve("artifacts/experiment.yaml"), "settings");
        Files.writeString(first.folder().resolve(".checkpoint.safetensors.1-abcdefgh.partial"), "half");
        assertThat(attempts.dead()).isEmpty();
        silence(first);
        assertThat(attempts.dead()).contains(first.folder());

        Attempt second = attempts.begin().orElseThrow();
        assertThat(place.resolve("run.log")).hasContent("so far");
        assertThat(place.resolve("checkpoint.safetensors")).hasContent("weights");
        assertThat(place.resolve("artifacts/experiment.yaml")).hasContent("settings");
        assertThat(place.resolve(".checkpoint.safetensors.1-abcdefgh.partial")).doesNotExist();
        assertThat(first.folder()).doesNotExist();

        Files.move(place, second.folder());
        assertThat(first.check()).isTrue();
        assertThat(first.publish(mover(first))).isFalse();
        first.close();
        assertThat(second.publish(mover(second))).isTrue();
        second.close();
        assertThat(place.resolve("run.log")).hasContent("so far");
        assertThat(runs).isDirectoryNotContaining(Attempts::areIn);
    }

    @Test
    void theFirstToPublishWins() throws IOException {
        Attempt first = attempts.begin().orElseThrow();
        write(first, "first");
        silence(first);
        try (Attempt second = attempts.begin().orElseThrow()) {
            Files.move(place, second.folder());
            Files.createDirectories(place); // by a way that no attempt goes: it is not replaced
            Files.writeString(place.resolve("run.log"), "somebody's");
            assertThat(second.publish(mover(second))).isFalse();
            assertThat(second.folder()).doesNotExist();
        }
        assertThat(place.resolve("run.log")).hasContent("somebody's");
    }

    /** Killed over the copy, or before the first record. */
    @Test
    void halfACopyAndAnEmptyAttemptAreNothing() throws IOException {
        Attempt first = attempts.begin().orElseThrow();
        write(first, "so far");
        silence(first);
        Files.createDirectories(first.folder().resolveSibling("1.copy/artifacts"));
        Files.writeString(Lease.of(first.folder().resolveSibling("2")), "node7 another-machine 4242 1\n");
        Files.setLastModifiedTime(Lease.of(first.folder().resolveSibling("2")), FileTime.from(Instant.EPOCH));
        try (Attempt third = attempts.begin().orElseThrow()) {
            assertThat(third.folder()).hasFileName("3");
            assertThat(place.resolve("run.log")).hasContent("so far");
            assertThat(place.resolve("artifacts")).doesNotExist();
            assertThat(first.folder().getParent()).isDirectoryNotContaining("glob:**copy");
        }
    }

    @Test
    void ofManyThatBeginAtOnceOneDoes() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Attempt> begun = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        start.await();
                        Optional<Attempt> attempt = new Attempts(place).begin();
                        attempt.ifPresent(begun::add);
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(begun).hasSize(1);
            begun.getFirst().close();
        }
    }
}
