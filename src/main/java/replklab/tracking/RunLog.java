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
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.ProcessLock;

/**
 * The truth about a run: {@code run.log} in its folder, to which everything that happens is appended, a {@link LogLine} a record.
 * It is never rewritten and stays when the run is over; MLflow is told from it. So neither a dead server nor a dead process
 * loses anything, and whoever reads it, now or in a year, finds the same run that MLflow shows.
 *
 * <p>{@code run.sent} says how many of its bytes MLflow has, {@code run.lock} is locked by the process whose run it is, or that
 * sends what is left. A last record that is not whole was never there: it is cut off when the log is opened.
 *
 * <p>The files are {@link RandomAccessFile}s because interrupting a thread, as a notebook does to stop a cell, would close
 * a {@code FileChannel} it writes to for good.
 */
final class RunLog implements AutoCloseable {
    static final String FILE = RunKeeping.LOG;
    private static final String SENT = RunKeeping.SENT;
    private static final String LOCK = "run.lock";
    private static final int BUFFER = 1 << 20;

    private final Path folder;
    private final ProcessLock lock;
    private final RandomAccessFile events;
    private final RandomAccessFile sentFile;
    private final RunRecord record = new RunRecord();
    private final long lastWrite;
    private final String markedKey;
    private long written;
    private long synced;
    private long sent;

    /**
     * An event and where its line ends.
     *
     * @param event empty if the line does not hold one, which only a damaged disk explains
     */
    record Entry(Optional<Event> event, String text, long end) {}

    private RunLog(Path folder, ProcessLock lock) throws IOException {
        this.folder = folder;
        this.lock = lock;
        this.events = file(folder.resolve(FILE));
        this.sentFile = file(folder.resolve(SENT));
        this.lastWrite = Files.getLastModifiedTime(folder.resolve(FILE)).toMillis();
        this.written = wholeRecords();
        Mark mark = Mark.read(folder);
        this.markedKey = mark.key;
        this.sent = mark.position(written, record.key());
        if (mark.isBeyond(written, record.key())) {
            append(new Event.LostEnd(mark.sent)); // from here on the server is told anew, and the mark says no more
        }
    }

    /** The log in this folder, a new one or the one that lies there; empty if a live process has it. */
    static Optional<RunLog> open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Optional<ProcessLock> lock = ProcessLock.tryLock(folder.resolve(LOCK));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RunLog(folder, lock.get()));
        } catch (IOException | RuntimeException e) {
            lock.get().close();
            throw e;
        }
    }

    /** Whether a folder holds a log, of a live process or left behind. */
    static boolean existsIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /** Whether nothing is left to do about a folder's log: the run has ended and MLflow has it, or will never have it. */
    static boolean isSettled(Path folder) throws IOException {
        return Mark.read(folder).isSettled(Files.size(folder.resolve(FILE)));
    }

    /** What a log says, whoever may be writing it; damaged records are passed over. */
    static RunRecord read(Path folder) throws IOException {
        RunRecord record = new RunRecord();
        replay(folder, record::apply, record::applyUnreadable);
        Mark mark = Mark.read(folder);
        if (mark.isBeyond(Files.size(folder.resolve(FILE)), record.key())) {
            record.apply(new Event.LostEnd(mark.sent));
        }
        return record;
    }

    /** Tells everything that a log holds, oldest first, whoever may be writing it; damaged records are passed over. */
    static void replay(Path folder, Consumer<Event> listener) throws IOException {
        replay(folder, listener, () -> {});
    }

    private static void replay(Path folder, Consumer<Event> listener, Runnable unreadable) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(FILE).toFile(), "r")) {
            long end = file.length();
            for (long at = 0; at < end; ) {
                List<Entry> entries = entries(file, at, end);
                if (entries.isEmpty()) {
                    break;
                }
                entries.forEach(entry -> entry.event().ifPresentOrElse(listener, unreadable));
                at = entries.getLast().end();
            }
        }
    }

    /** When the last event was written before the log was opened, in milliseconds since 1970. */
    long lastWrite() {
        return lastWrite;
    }

    Path file() {
        return folder.resolve(FILE);
    }

    /** Whether it holds no record at all: a process died before it wrote the first one. */
    synchronized boolean isEmpty() {
        return written == 0;
    }

    /**
     * The {@link RunTags#KEY} of the run that was here before, if its log is gone or no longer says which run it was; empty if the log
     * tells, or if there was none.
     */
    String lostKey() {
        return record.exists() ? "" : markedKey;
    }

    /** What all events together say. */
    RunRecord record() {
        return record;
    }

    /** Adds an event; from here on it survives this process. {@link #sync} makes it survive a power cut. */
    synchronized void append(Event event) throws IOException {
        byte[] line = LogLine.encode(Json.line(event));
        try {
            events.seek(written);
            events.write(line);
        } catch (IOException e) {
            cutBack(e); // a full disk may have taken half of the line
            throw e;
        }
        written += line.length;
        record.apply(event);
    }

    private void cutBack(IOException cause) {
        try {
            events.setLength(written);
        } catch (IOException e) {
            cause.addSuppressed(e); // the next opening cuts it off
        }
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

    /** The next events that MLflow does not have yet, about a megabyte of them; none when it has all. */
    List<Entry> unsent() throws IOException {
        synchronized (this) {
            return entries(events, sent, written);
        }
    }

    /** MLflow has everything up to here. Losing this note does no harm: events are then sent again. */
    synchronized void acknowledge(long end) {
        sent = end;
        mark(Mark.GOING);
    }

    /** Nothing is left to do: the run has ended and MLflow has all of it, or has given it up. */
    synchronized void settle() throws IOException {
        sent = written;
        mark(Mark.SETTLED);
        close();
    }

    private void mark(String state) {
        try {
            sentFile.seek(0);
            sentFile.write(LogLine.encode(String.format(Locale.ROOT, "%019d%s%-36s", sent, state, record.key())));
        } catch (IOException e) {
            // A full disk: the events are sent a second time by the next start, which MLflow does not mind.
            return;
        }
    }

    synchronized long sent() {
        return sent;
    }

    synchronized boolean drained() {
        return sent == written;
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            events.close();
            sentFile.close();
        }
    }

    /** Lines from a place on, as many as a buffer holds but one at least; none if no line ends there. */
    private static List<Entry> entries(RandomAccessFile file, long from, long to) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (long size = BUFFER; entries.isEmpty() && from < to; size *= 4) {
            byte[] bytes = new byte[(int) Math.min(Math.min(size, Integer.MAX_VALUE - 8), to - from)];
            file.seek(from);
            file.readFully(bytes);
            int start = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    Optional<String> json = LogLine.decode(bytes, start, i);
                    String text = json.orElse(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                    start = i + 1;
                    entries.add(new Entry(json.flatMap(whole -> Json.read(whole, Event.class)), text, from + start));
                }
            }
            if (bytes.length == to - from) {
                break;
            }
        }
        return entries;
    }

    /** Replays the log and cuts off what follows its last whole record; gives the length of the rest. */
    private long wholeRecords() throws IOException {
        long length = events.length();
        long end = 0;
        for (long at = 0; at < length; ) {
            List<Entry> entries = entries(events, at, length);
            if (entries.isEmpty()) {
                break;
            }
            for (Entry entry : entries) {
                if (entry.event().isPresent()) {
                    record.apply(entry.event().get());
                    end = entry.end();
                } else {
                    record.applyUnreadable();
                }
            }
            at = entries.getLast().end();
        }
        if (end < length) {
            events.setLength(end);
        }
        return end;
    }

    private static RandomAccessFile file(Path file) throws IOException {
        return new RandomAccessFile(file.toFile(), "rw");
    }

    /**
     * What {@code run.sent} says: a line as the log's, of the same length each time. One that is damaged says nothing.
     *
     * @param key of the run that the server was told of; empty in files of before, which did not have it
     */
    private record Mark(long sent, boolean settled, String key) {
        static final String GOING = " ";
        static final String SETTLED = "s";

        private static final Mark NONE = new Mark(0, false, "");
        private static final Pattern TEXT = Pattern.compile("(0\\d{18})([ s]?)([0-9A-Za-z-]*) *");

        static Mark read(Path folder) throws IOException {
            byte[] line;
            try {
                line = Files.readAllBytes(folder.resolve(SENT));
            } catch (NoSuchFileException e) {
                return NONE;
            }
            Matcher text = TEXT.matcher(LogLine.decode(line, 0, line.length - 1).orElse(""));
            return text.matches()
                    ? new Mark(Long.parseLong(text.group(1)), text.group(2).equals(SETTLED), text.group(3))
                    : NONE;
        }

        boolean isSettled(long length) {
            return settled && sent == length;
        }

        /** Where to go on sending a log of that length, of the run with that key: of another run nothing was sent. */
        long position(long length, String ofKey) {
            return sent <= length && (key.isEmpty() || key.equals(ofKey)) ? sent : 0;
        }

        /** Whether the server was told more of that run than a log of that length holds. */
        boolean isBeyond(long length, String ofKey) {
            return sent > length && !key.isEmpty() && key.equals(ofKey);
        }
    }
}
