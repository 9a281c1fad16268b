package replklab.tracking;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What MLflow is still to be told about a run, in order, in the folder {@code outbox/} of the run's own folder. Every
 * event is written here first and sent from here, so neither a dead server nor a dead process loses one. The folder
 * goes away once all of it has arrived; it is left behind otherwise, and {@link #open} takes it up.
 *
 * <p>{@code events.jsonl} holds an event a line, {@code sent} how many of its bytes MLflow has, {@code lock} is locked
 * by the process whose run it is.
 *
 * <p>The files are {@link RandomAccessFile}s because interrupting a thread, as a notebook does to stop a cell, would close
 * a {@code FileChannel} it writes to for good.
 */
final class Outbox implements AutoCloseable {
    static final String FOLDER = "outbox";
    private static final String EVENTS = "events.jsonl";

    private final Path folder;
    private final RunLock lock;
    private final RandomAccessFile events;
    private final RandomAccessFile sentFile;
    private long written;
    private long synced;
    private long sent;

    /**
     * An event and where its line ends.
     *
     * @param event empty if the line does not hold one, which only a damaged disk explains
     */
    record Entry(Optional<Event> event, String text, long end) {}

    private Outbox(Path folder, RunLock lock) throws IOException {
        this.folder = folder;
        this.lock = lock;
        this.events = open(folder.resolve(EVENTS));
        this.sentFile = open(folder.resolve("sent"));
        this.written = wholeLines();
        this.sent = readSent();
    }

    /** The outbox of the run in this folder, a new one or the one left behind; empty if a live process has it. */
    static Optional<Outbox> open(Path runFolder, boolean create) throws IOException {
        Path folder = runFolder.resolve(FOLDER);
        if (create) {
            Files.createDirectories(folder);
        }
        Optional<RunLock> lock = RunLock.tryLock(folder.resolve("lock"));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Outbox(folder, lock.get()));
        } catch (IOException e) {
            lock.get().close();
            throw e;
        }
    }

    /** Whether a run folder holds an outbox, of a live process or left behind. */
    static boolean existsIn(Path runFolder) {
        return Files.isRegularFile(runFolder.resolve(FOLDER).resolve(EVENTS));
    }

    /** When the last event was written, in milliseconds since 1970. */
    long lastWrite() throws IOException {
        return Files.getLastModifiedTime(folder.resolve(EVENTS)).toMillis();
    }

    Path file() {
        return folder.resolve(EVENTS);
    }

    /** Adds an event; from here on it survives this process. {@link #sync} makes it survive a power cut. */
    synchronized void append(Event event) throws IOException {
        byte[] line = (Json.line(event) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            events.seek(written);
            events.write(line);
        } catch (IOException e) {
            events.setLength(written); // a full disk may have taken half of the line
            throw e;
        }
        written += line.length;
    }

    /** Forces to the disk what has been written. */
    void sync() throws IOException {
        long upTo;
        synchronized (this) {
            upTo = written;
            if (synced == upTo) {
                return;
            }
        }
        events.getFD().sync();
        synchronized (this) {
            synced = upTo;
        }
    }

    /** The first event of all, sent or not. */
    Optional<Event> first() throws IOException {
        List<Entry> entries = read(0, written());
        return entries.isEmpty() ? Optional.empty() : entries.getFirst().event();
    }

    /** The last event of all, sent or not. */
    Optional<Event> last() throws IOException {
        long end = written();
        Optional<Event> last = Optional.empty();
        for (long at = 0; at < end; ) {
            List<Entry> entries = read(at, end);
            last = entries.getLast().event();
            at = entries.getLast().end();
        }
        return last;
    }

    /** The next events that MLflow does not have yet, about a megabyte of them; none when it has all. */
    List<Entry> unsent() throws IOException {
        return read(sent(), written());
    }

    /** MLflow has everything up to here. Losing this note does no harm: events are then sent again. */
    synchronized void acknowledge(long end) {
        sent = end;
        try {
            byte[] digits = String.format(Locale.ROOT, "%019d%n", end).getBytes(StandardCharsets.US_ASCII);
            sentFile.seek(0);
            sentFile.write(digits);
        } catch (IOException e) {
            // A full disk: the events are sent a second time by the next start, which MLflow does not mind.
            sent = end;
        }
    }

    synchronized long sent() {
        return sent;
    }

    synchronized boolean drained() {
        return sent == written;
    }

    private synchronized long written() {
        return written;
    }

    /** Removes the outbox: MLflow has everything. */
    void delete() throws IOException {
        close();
        for (String name : List.of(EVENTS, "sent", "lock")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            events.close();
            sentFile.close();
        }
    }

    private List<Entry> read(long from, long to) throws IOException {
        List<Entry> entries = new ArrayList<>();
        int size = 1 << 20;
        while (entries.isEmpty() && from < to) {
            byte[] bytes = read(from, (int) Math.min(size, to - from));
            int start = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    String text = new String(bytes, start, i - start, StandardCharsets.UTF_8);
                    start = i + 1;
                    entries.add(new Entry(Json.read(text, Event.class), text, from + start));
                }
            }
            size *= 4; // one line longer than that
        }
        return entries;
    }

    private synchronized byte[] read(long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        events.seek(from);
        events.readFully(bytes);
        return bytes;
    }

    /** Cuts off a last line that a killed process did not finish; gives the length of the rest. */
    private long wholeLines() throws IOException {
        long length = events.length();
        long end = length;
        while (end > 0 && read(end - 1, 1)[0] != '\n') {
            end--;
        }
        if (end < length) {
            events.setLength(end);
        }
        return end;
    }

    private long readSent() throws IOException {
        try {
            long noted = Long.parseLong(Files.readString(folder.resolve("sent")).strip());
            return noted >= 0 && noted <= written ? noted : 0;
        } catch (NumberFormatException | NoSuchFileException e) {
            return 0;
        }
    }

    private static RandomAccessFile open(Path file) throws IOException {
        return new RandomAccessFile(file.toFile(), "rw");
    }
}
