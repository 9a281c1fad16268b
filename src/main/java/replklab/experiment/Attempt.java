package replklab.experiment;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import replklab.base.Lease;

/** One process's attempt at a run, in a folder of its own, until it publishes it or another one does. */
final class Attempt implements AutoCloseable {
    private final Path folder;
    private final Path place;
    private final Lease lease;

    Attempt(Path folder, Path place, Lease lease) {
        this.folder = folder;
        this.place = place;
        this.lease = lease;
    }

    /** Moves a folder to a place where nothing lies. */
    @FunctionalInterface
    interface Mover {
        void move(Path to) throws IOException;
    }

    /** Where it works; made by the run's log. */
    Path folder() {
        return folder;
    }

    /** Whether another attempt has taken the run, as far as this one has noticed; asked at each step. */
    boolean isLost() {
        return lease.isLost();
    }

    /** Looks whether another attempt has taken the run. */
    boolean check() {
        return lease.check();
    }

    /** Says in a few words how far it is, for whoever looks at the run from elsewhere. */
    void tell(String progress) {
        lease.tell(progress);
    }

    /** Publishes the folder; false if another attempt was first, or has taken the run: then nothing stays of this one. */
    boolean publish(Mover mover) throws IOException {
        boolean published = !check() && isMoved(mover);
        if (!published) {
            Attempts.forget(folder);
        }
        return published;
    }

    private boolean isMoved(Mover mover) throws IOException {
        try {
            mover.move(place);
            return true;
        } catch (FileSystemException e) { // what Java says of a rename onto a folder depends on the system
            if (Files.exists(place) || Files.notExists(folder)) {
                return false;
            }
            throw e;
        }
    }

    /** Gives the run back. */
    @Override
    public void close() {
        lease.close();
        try {
            Files.deleteIfExists(folder.getParent());
        } catch (IOException e) {
            return; // not empty: another attempt has begun, or this one could not be published
        }
    }
}
