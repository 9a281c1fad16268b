package replklab.tracking;

import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * MLflow's tracking server on 127.0.0.1, with its database and artifacts under one folder ({@code mlflow.db},
 * {@code artifacts/}, {@code server.log}). One server at most works on a folder: all processes that need it share it, and all
 * trackers of a process.
 *
 * <p>It lives as long as anyone needs it. {@link #close} of the last one stops it; where processes end otherwise, by
 * {@code kill -9} too, the server sees some seconds later that nobody holds its lease ({@code server.lease}) and ends.
 * When the server itself is killed, whoever needs it starts it again, on the same port unless something else has taken that.
 *
 * <p>Before it is talked to, it proves that it is this folder's, with a key that only the folder's owner can read
 * ({@code server.key}): a port can change hands.
 */
public final class MlflowServer implements AutoCloseable {
    /** The port taken when it is free. */
    public static final int USUAL_PORT = 5000;

    private final SharedServer share;
    private final AtomicBoolean closed = new AtomicBoolean();

    private MlflowServer(SharedServer share) {
        this.share = share;
    }

    /**
     * The server on this folder: the running one, or a new one on the port of the last one if that was killed, else on port
     * {@value #USUAL_PORT}, or on a free port when that is taken.
     *
     * @param folder such as {@code mlruns}, made if missing
     * @param notices hears what the user may want to know, such as another port; also later, from another thread
     * @throws replklab.base.LabException if it cannot be started, with the reason or the end of its log
     */
    public static MlflowServer open(Path folder, Consumer<String> notices) {
        return open(folder, OptionalInt.empty(), PythonEnvironment.python(), notices);
    }

    /** The server on this folder: the running one, or a new one on exactly this port. */
    public static MlflowServer open(Path folder, int port, Consumer<String> notices) {
        return open(folder, OptionalInt.of(port), PythonEnvironment.python(), notices);
    }

    static MlflowServer open(Path folder, OptionalInt port, Path python, Consumer<String> notices) {
        return new MlflowServer(SharedServer.join(folder, port, python, notices));
    }

    /** Address of the server and its page, without a slash at the end. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + share.port());
    }

    /** Whether this process started the server. */
    public boolean owned() {
        return share.startedHere();
    }

    /** Whether the server is there, well, and this folder's. */
    public boolean answers() {
        return share.answers();
    }

    /** Starts the server again if it is gone. */
    void revive() {
        share.revive();
    }

    /** What requests to it carry: a server of another folder refuses them. */
    String token() {
        return share.token();
    }

    /** Gives the server up; it stops if nobody else needs it. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            share.leave();
        }
    }
}
