package replklab.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that a live process has a folder which several machines share, where locks may not reach from one to the other (NFS): a
 * file beside the folder, made by an atomic create, that its holder writes to every few seconds. Who finds it older than a lease
 * lasts, or its process gone from this machine, may take the folder.
 *
 * <p>A lease saves work and promises nothing: a process that stood still for longer than it lasts comes back while another has
 * taken its place, and then finds the lease {@linkplain #isLost lost}. What must happen once is decided elsewhere, by a rename.
 *
 * <p>Ages are told by the file server's clock alone, so the clocks of the machines may differ.
 */
public final class Lease implements AutoCloseable {
    /** Seconds that a lease lasts without a sign of life. */
    public static final String PROPERTY = "replklab.lease";

    private static final String ENDING = ".lease";

    /** NFS shows a file as old as it was up to 60 s ago. */
    private static final Duration LASTS = Duration.ofSeconds(Long.getLong(PROPERTY, 90));

    /** A sign of life; nine can be missed. */
    private static final Duration BEAT =
            LASTS.compareTo(Duration.ofSeconds(90)) < 0 ? LASTS.dividedBy(9) : Duration.ofSeconds(10);

    /** Each sign of life overwrites the one before, which needs no room on a full disk. */
    private static final int BYTES = 512;

    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final Thread heart;
    private volatile String doing = "";
    private volatile boolean lost;
    private volatile boolean closed;

    /**
     * Who has a lease.
     *
     * @param process where it runs
     * @param doing what it said last of what it does; may be empty
     * @param silent how long ago
     */
    public record Holder(ProcessPlace process, String doing, Duration silent) {
        /** Whether it must be believed to be at work. */
        public boolean isAlive() {
            return silent.compareTo(LASTS) < 0 && !process.isGone();
        }
    }

    private Lease(Path file) {
        this.file = file;
        this.heart = Thread.ofPlatform().daemon().name("lease").unstarted(this::beat);
    }

    /** Where the lease of a folder lies. */
    public static Path of(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        return whole.resolveSibling(whole.getFileName() + ENDING);
    }

    /** Whether a file is a lease, by its name. */
    public static boolean isLease(Path file) {
        return file.getFileName().toString().endsWith(ENDING);
    }

    /** The lease of a folder, which need not exist yet; empty if there is one already, of whomever. */
    public static Optional<Lease> create(Path folder) throws IOException {
        Lease lease = new Lease(of(folder));
        try {
            Files.createFile(lease.file);
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        }
        HELD.add(lease.file);
        try {
            lease.write();
        } catch (IOException e) {
            lease.close();
            throw e;
        }
        lease.heart.start();
        return Optional.of(lease);
    }

    /** Who has the lease of a folder, alive or not; empty where there is none. */
    public static Optional<Holder> holder(Path folder) {
        Path file = of(folder);
        try {
            // Opening a file makes NFS ask the server for its age.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            Instant written = Files.getLastModifiedTime(file).toInstant();
            Duration silent = Duration.between(written, serverTime(file));
            String[] lines = text.strip().split("\n", 2);
            return Optional.of(
                    new Holder(ProcessPlace.parse(lines[0]), lines.length > 1 ? lines[1].strip() : "", silent));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether another process, or another part of this one, must be believed to have a folder. */
    public static boolean isTaken(Path folder) {
        return holder(folder).filter(Holder::isAlive).isPresent();
    }

    /** Whether a live process other than this one has a folder. */
    static boolean isElsewhere(Path folder) {
        return Files.exists(of(folder)) && !HELD.contains(of(folder)) && isTaken(folder);
    }

    /** What the clock that stamps files says now; where nothing can be written, this machine's. */
    private static Instant serverTime(Path beside) {
        Path probe = beside.resolveSibling("." + UUID.randomUUID() + ".partial");
        try {
            Files.createFile(probe);
            Instant now = Files.getLastModifiedTime(probe).toInstant();
            Files.delete(probe);
            return now;
        } catch (IOException e) {
            return Instant.now();
        }
    }

    /** Says in a few words what the holder does, from the next sign of life on. */
    public void tell(String what) {
        doing = what;
    }

    /** Whether somebody else has taken the folder, as far as is known; {@link #check} looks. */
    public boolean isLost() {
        return lost;
    }

    /** Looks whether the lease is still there; tells whether it is lost. */
    public boolean check() {
        lost |= !closed && Files.notExists(file);
        return lost;
    }

    private void beat() {
        try {
            while (!closed && !lost) {
                Thread.sleep(BEAT);
                if (!closed) {
                    sign();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void sign() {
        try {
            write();
        } catch (NoSuchFileException e) {
            lost = true;
        } catch (IOException e) {
            return; // a disk that has trouble now may take the next one
        }
    }

    private void write() throws IOException {
        byte[] text = (ProcessPlace.current() + "\n" + doing).getBytes(StandardCharsets.UTF_8);
        byte[] line = Arrays.copyOf(text, BYTES);
        Arrays.fill(line, Math.min(text.length, BYTES), BYTES, (byte) ' ');
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) { // never makes it again
            channel.write(ByteBuffer.wrap(line));
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        heart.interrupt();
        HELD.remove(file);
        try {
            if (!lost) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // it grows old by itself
        }
    }
}
