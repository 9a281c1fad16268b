package replklab.tracking;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Says that this process needs the server of a folder, by a shared lock on its {@code server.lease}, which the system takes
 * back however the process ends. The server ends some seconds after nobody holds one, and holds the file exclusively while it
 * does.
 *
 * <p>The system forgets all locks of a process on a file when the process closes it once: at most one lease a folder and process.
 */
final class ServerLease implements AutoCloseable {
    private final FileChannel channel;
    private FileLock lock;

    private ServerLease(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes a lease; waits for a server that is just ending. */
    static ServerLease take(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve("server.lease"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            return new ServerLease(channel, channel.lock(0, Long.MAX_VALUE, true));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Gives the lease up and tells whether nobody else has one; nobody gets one then before {@link #close}. */
    boolean giveUp() throws IOException {
        lock.release();
        lock = channel.tryLock();
        return lock != null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
