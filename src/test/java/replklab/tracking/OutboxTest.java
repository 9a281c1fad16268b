package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.tracking.Outbox.Entry;

class OutboxTest {
    @TempDir
    Path folder;

    private static final Event CREATE =
            new Event.Create("key", "shortcut", "embedded", "k13 seed 0", "", 5, Map.of("a", "b"));
    private static final Event NAN = new Event.Metrics(
            3, 7, Map.of("loss", Double.NaN, "best", Double.NEGATIVE_INFINITY, "accuracy", 0.1 + 0.2));
    private static final Event END = new Event.End(RunStatus.FINISHED, 9);

    private Outbox open() throws IOException {
        return Outbox.open(folder, true).orElseThrow();
    }

    private static List<Event> events(List<Entry> entries) {
        return entries.stream().map(entry -> entry.event().orElseThrow()).toList();
    }

    @Test
    void givesBackWhatWasWrittenIncludingNaN() throws IOException {
        List<Event> all = List.of(
                CREATE,
                new Event.Resume("key", "shortcut", "embedded", "id"),
                new Event.Params(Map.of("lr", "0.1\n\"ü\"")),
                new Event.Tags(Map.of("x", "y")),
                NAN,
                new Event.Input(new DatasetInput("fashion-mnist", "abc", "data", "", "{}", "train")),
                new Event.Artifact("plots/a.png", "artifacts/plots/a.png"),
                END);
        try (Outbox outbox = open()) {
            for (Event event : all) {
                outbox.append(event);
            }
            assertThat(events(outbox.unsent())).isEqualTo(all);
            assertThat(outbox.first()).contains(CREATE);
            assertThat(outbox.last()).contains(END);
        }
    }

    @Test
    void goesOnWhereItStopped() throws IOException {
        try (Outbox outbox = open()) {
            outbox.append(CREATE);
            outbox.append(NAN);
            outbox.acknowledge(outbox.unsent().getFirst().end());
        }
        try (Outbox outbox = open()) {
            outbox.append(END);
            assertThat(events(outbox.unsent())).containsExactly(NAN, END);
            outbox.acknowledge(outbox.unsent().getLast().end());
            assertThat(outbox.drained()).isTrue();
            assertThat(outbox.unsent()).isEmpty();
        }
    }

    @Test
    void forgetsALastLineThatWasCutShort() throws IOException {
        try (Outbox outbox = open()) {
            outbox.append(CREATE);
        }
        Path file = folder.resolve("outbox/events.jsonl");
        Files.writeString(file, "{\"op\":\"metrics\",\"step\":1,\"ti", StandardOpenOption.APPEND);
        try (Outbox outbox = open()) {
            outbox.append(END);
            assertThat(events(outbox.unsent())).containsExactly(CREATE, END);
        }
    }

    @Test
    void keepsADamagedLineAsText() throws IOException {
        try (Outbox outbox = open()) {
            outbox.append(CREATE);
        }
        Files.writeString(folder.resolve("outbox/events.jsonl"), "\0\0\0\n", StandardOpenOption.APPEND);
        try (Outbox outbox = open()) {
            assertThat(outbox.unsent()).hasSize(2);
            assertThat(outbox.unsent().getLast().event()).isEmpty();
        }
    }

    @Test
    void sendsAllAgainWhenTheNoteOfWhatWasSentIsDamaged() throws IOException {
        try (Outbox outbox = open()) {
            outbox.append(CREATE);
            outbox.acknowledge(outbox.unsent().getLast().end());
        }
        Files.writeString(folder.resolve("outbox/sent"), "99999999\n");
        try (Outbox outbox = open()) {
            assertThat(events(outbox.unsent())).containsExactly(CREATE);
        }
    }

    @Test
    void readsLinesLongerThanItsBuffer() throws IOException {
        Event huge = new Event.Params(Map.of("yaml", "x".repeat(3_000_000)));
        try (Outbox outbox = open()) {
            outbox.append(huge);
            outbox.append(END);
            assertThat(events(outbox.unsent())).containsExactly(huge, END);
        }
    }

    @Test
    void belongsToOneAtATime() throws IOException {
        try (Outbox outbox = open()) {
            outbox.append(CREATE);
            assertThat(Outbox.open(folder, false)).isEmpty();
            assertThat(Outbox.open(folder, false)).isEmpty(); // asking has not released the lock
        }
        Optional<Outbox> free = Outbox.open(folder, false);
        assertThat(free).isPresent();
        free.get().close();
    }

    @Test
    void survivesAnInterruptedThread() throws IOException {
        try (Outbox outbox = open()) {
            Thread.currentThread().interrupt();
            outbox.append(CREATE);
            assertThat(Thread.interrupted()).isTrue();
            outbox.append(END);
            assertThat(events(outbox.unsent())).containsExactly(CREATE, END);
        }
    }

    @Test
    void reportsAFullDisk() throws IOException {
        Files.createDirectories(folder.resolve("outbox"));
        Files.createSymbolicLink(folder.resolve("outbox/events.jsonl"), Path.of("/dev/full"));
        try (Outbox outbox = open()) {
            assertThatThrownBy(() -> outbox.append(CREATE)).isInstanceOf(IOException.class);
            assertThat(outbox.drained()).isTrue();
        }
    }

    @Test
    void leavesNothingOnceAllHasArrived() throws IOException {
        Outbox outbox = open();
        outbox.append(CREATE);
        assertThat(Outbox.existsIn(folder)).isTrue();
        outbox.delete();
        assertThat(folder).isEmptyDirectory();
    }
}
