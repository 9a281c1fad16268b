package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.tracking.RunLog.Entry;

class RunLogTest {
    @TempDir
    Path folder;

    private static final Event CREATE =
            new Event.Create("key", "shortcut", "embedded", "k13 seed 0", "", 5, Map.of("a", "b"), "");
    private static final Event NAN = new Event.Metrics(
            3, 7, Map.of("loss", Double.NaN, "best", Double.NEGATIVE_INFINITY, "accuracy", 0.1 + 0.2));
    private static final Event END = new Event.End(RunStatus.FINISHED, 9);

    private static final List<Event> ALL = List.of(
            CREATE,
            new Event.Known("id", "1", "mlflow-artifacts:/1/id/artifacts"),
            new Event.Params(Map.of("lr", "0.1\n\"ü\"")),
            new Event.Tags(Map.of("x", "y")),
            NAN,
            new Event.Input(new DatasetInput("fashion-mnist", "abc", "data", "", "{}", "train")),
            new Event.Artifact("plots/a.png", "artifacts/plots/a.png"),
            new Event.Note("epoch", "{\"epoch\": 1}"),
            new Event.End(RunStatus.KILLED, 8),
            new Event.Resume(8),
            new Event.Moved("http://127.0.0.1:5000", "other"),
            new Event.GivenUp("deleted"),
            new Event.Result("{\"accuracy\": 97}"),
            END);

    private RunLog open() throws IOException {
        return RunLog.open(folder).orElseThrow();
    }

    private String lostKey() throws IOException {
        try (RunLog log = open()) {
            return log.lostKey();
        }
    }

    private Path file() {
        return folder.resolve("run.log");
    }

    private static List<Event> events(List<Entry> entries) {
        return entries.stream().map(entry -> entry.event().orElseThrow()).toList();
    }

    private void write(List<Event> events) throws IOException {
        try (RunLog log = open()) {
            for (Event event : events) {
                log.append(event);
            }
        }
    }

    @Test
    void givesBackWhatWasWrittenIncludingNaN() throws IOException {
        write(ALL);
        try (RunLog log = open()) {
            assertThat(events(log.unsent())).isEqualTo(ALL);
        }
    }

    @Test
    void itsRecordsTogetherTellTheRun() throws IOException {
        write(ALL.subList(0, 8));
        RunRecord running = RunRecord.read(folder).orElseThrow();
        assertThat(running.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(running.name()).isEqualTo("k13 seed 0");
        assertThat(running.runId()).contains("id");
        assertThat(running.params()).containsEntry("lr", "0.1\n\"ü\"");
        assertThat(running.tags()).containsEntry("a", "b").containsEntry("x", "y");
        assertThat(running.metrics()).containsEntry("accuracy", 0.1 + 0.2);
        assertThat(running.isLogged("loss", 3)).isTrue();
        assertThat(running.isLogged("loss", 2)).isFalse();
        assertThat(running.notes("epoch")).containsExactly("{\"epoch\": 1}");
        assertThat(running.orphaned()).isEqualTo(RunStatus.KILLED);
        try (RunLog log = open()) {
            log.append(ALL.get(8));
            assertThat(log.record().status()).isEqualTo(RunStatus.KILLED);
            log.append(ALL.get(9));
            assertThat(log.record().status()).isEqualTo(RunStatus.RUNNING);
            log.append(ALL.get(10));
            assertThat(log.record().runId())
                    .as("another server gives another id")
                    .isEmpty();
            log.append(ALL.get(12));
            assertThat(log.record().status()).isEqualTo(RunStatus.FINISHED);
            assertThat(log.record().hasEnded()).isFalse();
            assertThat(log.record().orphaned()).isEqualTo(RunStatus.FINISHED);
        }
    }

    @Test
    void goesOnWhereItStopped() throws IOException {
        try (RunLog log = open()) {
            log.append(CREATE);
            log.append(NAN);
            log.acknowledge(log.unsent().getFirst().end());
        }
        try (RunLog log = open()) {
            log.append(END);
            assertThat(events(log.unsent())).containsExactly(NAN, END);
            log.acknowledge(log.unsent().getLast().end());
            assertThat(log.drained()).isTrue();
            assertThat(log.unsent()).isEmpty();
            assertThat(RunLog.isSettled(folder)).isFalse();
            log.settle();
        }
        assertThat(RunLog.isSettled(folder)).isTrue();
        try (RunLog log = open()) {
            log.append(new Event.Resume(1));
            assertThat(RunLog.isSettled(folder)).isFalse();
            assertThat(log.unsent()).hasSize(1);
        }
    }

    /** A log that was lost, and a new one of another run: what was sent of the first says nothing about the second. */
    @Test
    void whatWasSentOfAnotherRunCountsForNothing() throws IOException {
        try (RunLog log = open()) {
            log.append(CREATE);
            log.acknowledge(log.unsent().getLast().end());
        }
        assertThat(lostKey()).isEmpty();
        Files.delete(file());
        assertThat(lostKey()).isEqualTo("key");
        Event other = new Event.Create("other", "shortcut", "embedded", "k13 seed 0", "", 5, Map.of("a", "b"), "key");
        try (RunLog log = open()) {
            log.append(other);
            log.append(NAN);
        }
        assertThat(lostKey()).isEmpty();
        try (RunLog log = open()) {
            assertThat(events(log.unsent())).containsExactly(other, NAN);
        }
    }

    /** Only a damaged disk takes what a server was told of. */
    @Test
    void aLogThatIsShorterThanWhatWasSentIsDamaged() throws IOException {
        try (RunLog log = open()) {
            log.append(CREATE);
            log.append(NAN);
            log.append(END);
            log.acknowledge(log.unsent().get(1).end());
        }
        byte[] whole = Files.readAllBytes(file());
        int end = whole.length;
        for (int records = 3; records > 0; records--) {
            Files.write(file(), Arrays.copyOf(whole, end));
            assertThat(RunRecord.read(folder).orElseThrow().isDamaged())
                    .as("%d records", records)
                    .isEqualTo(records < 2);
            try (RunLog log = open()) {
                assertThat(log.record().isDamaged()).isEqualTo(records < 2);
                assertThat(log.unsent()).hasSize(records < 2 ? records + 1 : records - 2);
                if (records < 2) {
                    log.acknowledge(log.unsent().getLast().end());
                }
            }
            assertThat(RunRecord.read(folder).orElseThrow().isDamaged())
                    .as("for whoever comes later")
                    .isEqualTo(records < 2);
            end--;
            while (end > 0 && whole[end - 1] != '\n') {
                end--;
            }
        }
    }

    /** As programs wrote it before it had the run's key. */
    @Test
    void aPlaceWithoutAKeyIsThatOfTheRunThatIsThere() throws IOException {
        write(List.of(CREATE, NAN));
        long first = new String(Files.readAllBytes(file()), StandardCharsets.UTF_8).indexOf('\n') + 1L;
        Files.write(folder.resolve("run.sent"), LogLine.encode("%019d ".formatted(first)));
        try (RunLog log = open()) {
            assertThat(events(log.unsent())).containsExactly(NAN);
        }
        Files.delete(file());
        assertThat(lostKey()).isEmpty();
    }

    /** Wherever a dying process, or a power cut, has cut the log: what was whole before counts, and the log goes on. */
    @Test
    void everyCutLeadsSomewhere() throws IOException {
        write(ALL);
        byte[] whole = Files.readAllBytes(file());
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < whole.length; i++) {
            if (whole[i] == '\n') {
                ends.add(i + 1);
            }
        }
        for (int length = 0; length <= whole.length; length++) {
            for (int zeros : new int[] {0, 3}) { // some file systems leave zeros where data had not arrived
                Files.write(file(), Arrays.copyOf(Arrays.copyOf(whole, length), length + zeros));
                int cut = length;
                List<Event> left = ALL.subList(
                        0, (int) ends.stream().filter(end -> end <= cut).count());
                assertThat(RunRecord.read(folder).isPresent()).isEqualTo(!left.isEmpty());
                try (RunLog log = open()) {
                    assertThat(events(log.unsent())).as("cut at " + length).isEqualTo(left);
                    log.append(END);
                }
                try (RunLog log = open()) {
                    assertThat(log.unsent()).hasSize(left.size() + 1);
                }
            }
        }
    }

    /** A changed byte costs the record that it is in, which is kept as it is, and no other. */
    @Test
    void everyChangedByteIsFound() throws IOException {
        write(ALL);
        byte[] whole = Files.readAllBytes(file());
        SplittableRandom random = new SplittableRandom(3);
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file(), changed);
            try (RunLog log = open()) {
                List<Event> left = log.unsent().stream()
                        .flatMap(entry -> entry.event().stream())
                        .toList();
                assertThat(ALL).containsAll(left);
                assertThat(left).hasSizeGreaterThanOrEqualTo(ALL.size() - 2); // a line's end gone, two are one
                // The last record cannot be told from one that was never written whole.
                assertThat(log.record().isDamaged()).isEqualTo(left.getLast().equals(END));
                assertThat(RunLog.read(folder).isDamaged())
                        .isEqualTo(left.getLast().equals(END));
            }
        }
    }

    @Test
    void sendsAllAgainWhenTheNoteOfWhatWasSentIsDamaged() throws IOException {
        for (String damaged : List.of("99999999\n", "", "-5", "\0\0\0", "s")) {
            Files.deleteIfExists(file());
            try (RunLog log = open()) {
                log.append(CREATE);
                log.acknowledge(log.unsent().getLast().end());
            }
            Files.writeString(folder.resolve("run.sent"), damaged);
            assertThat(RunLog.isSettled(folder)).isFalse();
            try (RunLog log = open()) {
                assertThat(events(log.unsent())).as(damaged).containsExactly(CREATE);
            }
        }
    }

    /** Anything else would leave out events. */
    @Test
    void aChangedByteInTheNoteOfWhatWasSentMakesItSayNothing() throws IOException {
        long sent;
        try (RunLog log = open()) {
            for (int step = 0; step < 40; step++) {
                log.append(new Event.Metrics(step, 7, Map.of("loss", 1.0)));
            }
            sent = log.unsent().get(2).end();
            log.acknowledge(sent);
        }
        Path note = folder.resolve("run.sent");
        byte[] whole = Files.readAllBytes(note);
        for (int at = 0; at < whole.length - 1; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) (1 << bit);
                Files.write(note, changed);
                try (RunLog log = open()) {
                    assertThat(log.sent()).as("bit " + bit + " of byte " + at).isZero();
                }
            }
        }
        Files.write(note, whole);
        try (RunLog log = open()) {
            assertThat(log.sent()).isEqualTo(sent);
        }
    }

    @Test
    void readsLinesLongerThanItsBuffer() throws IOException {
        Event huge = new Event.Params(Map.of("yaml", "x".repeat(3_000_000)));
        try (RunLog log = open()) {
            log.append(huge);
            log.append(END);
            assertThat(events(log.unsent())).containsExactly(huge, END);
        }
        assertThat(RunLog.read(folder).params().get("yaml")).hasSize(3_000_000);
    }

    @Test
    void belongsToOneAtATime() throws IOException {
        try (RunLog log = open()) {
            log.append(CREATE);
            assertThat(RunLog.open(folder)).isEmpty();
            assertThat(RunLog.open(folder)).isEmpty(); // asking has not released the lock
            assertThat(RunRecord.read(folder)).as("anybody may read").isPresent();
        }
        Optional<RunLog> free = RunLog.open(folder);
        assertThat(free).isPresent();
        free.get().close();
    }

    @Test
    void survivesAnInterruptedThread() throws IOException {
        try (RunLog log = open()) {
            Thread.currentThread().interrupt();
            log.append(CREATE);
            log.sync();
            assertThat(Thread.interrupted()).isTrue();
            log.append(END);
            assertThat(events(log.unsent())).containsExactly(CREATE, END);
        }
    }

    @Test
    void reportsAFullDisk() throws IOException {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        try (RunLog log = open()) {
            assertThatThrownBy(() -> log.append(CREATE)).isInstanceOf(IOException.class);
            assertThat(log.drained()).isTrue();
            assertThat(log.record().exists()).isFalse();
        }
    }

    @Test
    void aFolderWithoutALogHoldsNoRun() throws IOException {
        assertThat(RunRecord.read(folder)).isEmpty();
        assertThat(RunLog.existsIn(folder)).isFalse();
        Files.writeString(file(), "not a log\n", StandardOpenOption.CREATE);
        assertThat(RunRecord.read(folder)).isEmpty();
    }
}
