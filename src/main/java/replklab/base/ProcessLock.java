package replklab.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says that a live process has something: an operating system's lock on a file, gone with the process however it ends. The file
 * itself stays; it tells the number of the process that had the lock last. Where the file's folder has a {@link Lease} of another
 * live process, which may run on another machine, it is locked, too.
 *
 * <p>POSIX drops a process's locks on a file as soon as the process closes any of its handles to it. So the files locked
 * by this process are kept in a set and never opened a second time.
 */
public final class ProcessLock implements AutoCloseable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The lock, or empty if this or another process has it. */
    public static Optional<ProcessLock> tryLock(Path lockFile) throws IOException {
        Path file = lockFile.toAbsolutePath().normalize();
        if (Lease.isElsewhere(file.getParent()) || !HELD.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLockable(channel)) {
                sign(channel);
                return Optional.of(new ProcessLock(file, channel));
            }
        } catch (IOException e) {
            release(file, channel);
            throw e;
        }
        release(file, channel);
        return Optional.empty();
    }

    /** A file system without locks (NFS, as it may be mounted) keeps nobody out: there leases alone do. */
    private static boolean isLockable(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage())
                    .matches("No locks available|Operation not supported|Function not implemented")) {
                return true;
            }
            throw e;
        }
    }

    /** The process that has, or had, the lock, as far as its file tells. */
    public static Optional<Long> holder(Path lockFile) {
        Path file = lockFile.toAbsolutePath().normalize();
        if (HELD.contains(file)) {
            return Optional.of(ProcessHandle.current().pid());
        }
        try {
            return Optional.of(Long.valueOf(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        release(file, channel);
    }

    /** On a full disk the lock holds without a name. */
    private static void sign(FileChannel channel) {
        try {
            String pid = ProcessHandle.current().pid() + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            return;
        }
    }

    private static void release(Path file, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            HELD.remove(file);
        }
    }
}
