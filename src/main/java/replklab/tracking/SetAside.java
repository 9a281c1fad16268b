package replklab.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code set-aside.json} of a run's folder: MLflow will not have this run, because it or its experiment was deleted there, so
 * nothing more of it is sent. Its log stays; without this file it would be sent again from the start.
 *
 * @param tracker the {@link Endpoint#identity()} that will not have it
 * @param time milliseconds since 1970
 */
record SetAside(String tracker, String reason, long time) {
    static Path file(Path folder) {
        return folder.resolve("set-aside.json");
    }

    /** What a tracker will not have of this folder, if so. */
    static Optional<SetAside> in(Path folder, String tracker) {
        return Json.load(file(folder), SetAside.class)
                .filter(aside -> aside.tracker().equals(tracker));
    }

    /** Another run takes the folder. */
    static void clear(Path folder) throws IOException {
        Files.deleteIfExists(file(folder));
    }

    void save(Path folder) throws IOException {
        Json.save(file(folder), this);
    }
}
