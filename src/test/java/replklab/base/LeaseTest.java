package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lease keeps others out as long as there are signs of life, here and on machines that cannot be asked. */
class LeaseTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    private Path shared;

    private Path folder;

    @BeforeEach
    void name() {
        folder = shared.resolve("a run, seed=1");
    }

    /** Written by somebody else, so long ago. */
    private void written(String text, Duration ago) throws IOException {
        Files.writeString(Lease.of(folder), text);
        Files.setLastModifiedTime(Lease.of(folder), FileTime.from(Instant.now().minus(ago)));
    }

    @Test
    void oneHasItAndGivesItBack() throws IOException {
        try (Lease lease = Lease.create(folder).orElseThrow()) {
            assertThat(Lease.create(folder)).isEmpty();
            assertThat(Lease.isTaken(folder)).isTrue();
            assertThat(lease.check()).isFalse();
            assertThat(Lease.holder(folder).orElseThrow().process()).isEqualTo(ProcessPlace.current());
        }
        assertThat(Lease.isTaken(folder)).isFalse();
        assertThat(shared).isEmptyDirectory();
        try (Lease again = Lease.create(folder).orElseThrow()) {
            assertThat(again.isLost()).isFalse();
        }
    }

    @Test
    void whatTheHolderDoesIsToldWithItsNextSign() throws Exception {
        try (Lease lease = Lease.create(folder).orElseThrow()) {
            lease.tell("step 3 of 8, 12 s left");
            assertThat(lease.isLost()).isFalse();
            written(ProcessPlace.current() + "\nstep 3 of 8, 12 s left   ", Duration.ZERO);
            assertThat(Lease.holder(folder).orElseThrow().doing()).isEqualTo("step 3 of 8, 12 s left");
        }
    }

    @Test
    void aMachineThatCannotBeAskedIsBelievedAsLongAsItGivesSigns() throws IOException {
        written("node7 another-machine 4242 1", Duration.ZERO);
        assertThat(Lease.isTaken(folder)).isTrue();
        assertThat(Lease.holder(folder).orElseThrow().process().shown()).isEqualTo("process 4242 on node7");
        written("node7 another-machine 4242 1", LONG);
        assertThat(Lease.isTaken(folder)).isFalse();
    }

    @Test
    void aProcessOfThisMachineThatIsGoneHasNothing() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        ProcessPlace here = ProcessPlace.current();
        written(here.host() + " " + here.machine() + " " + process.pid() + " 1", Duration.ZERO);
        assertThat(Lease.isTaken(folder)).as("gone").isFalse();
        written(here.host() + " " + here.machine() + " " + here.pid() + " " + (here.start() - 5), Duration.ZERO);
        assertThat(Lease.isTaken(folder))
                .as("its number is another process's by now")
                .isFalse();
    }

    /** A process died when it took it, or another version wrote it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "nonsense", "a b c d", "\0\0\0"})
    void whatNamesNobodyCountsByItsAge(String text) throws IOException {
        written(text, Duration.ZERO);
        assertThat(Lease.isTaken(folder)).isTrue();
        written(text, LONG);
        assertThat(Lease.isTaken(folder)).isFalse();
    }

    @Test
    void oneThatIsGoneIsLostAndNotMadeAgain() throws IOException {
        Lease lease = Lease.create(folder).orElseThrow();
        Files.delete(Lease.of(folder));
        assertThat(lease.check()).isTrue();
        assertThat(lease.isLost()).isTrue();
        written("node7 another-machine 4242 1", Duration.ZERO);
        lease.close();
        assertThat(Lease.of(folder)).as("another one's").exists();
    }

    /** No lock reaches another machine on some file systems. */
    @Test
    void aLockInAFolderThatAnotherHasIsNotFree() throws IOException {
        Path lock = Files.createDirectories(folder).resolve("run.lock");
        written("node7 another-machine 4242 1", Duration.ZERO);
        assertThat(ProcessLock.tryLock(lock)).isEmpty();
        Files.delete(Lease.of(folder));
        try (Lease _ = Lease.create(folder).orElseThrow()) {
            Optional<ProcessLock> own = ProcessLock.tryLock(lock);
            assertThat(own).isPresent();
            own.get().close();
        }
    }
}
