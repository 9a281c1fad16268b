package replklab.tracking;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** The MLflow server that a tracker talks to. */
sealed interface Endpoint extends AutoCloseable permits RemoteEndpoint, EmbeddedEndpoint, AbsentEndpoint {
    /** Its address without a slash at the end; the embedded server's may change in {@link #revive()}. */
    URI uri();

    /** Names the tracker in what is kept for it: an address, or {@code embedded}, whose port changes. */
    String identity();

    /** Gets the server going again if it is gone and that is in our hands. */
    void revive();

    /** Who we are to the server. */
    default Credentials credentials() {
        return Credentials.NONE;
    }

    /** Whom we trust over HTTPS, empty for whom Java trusts. */
    default Optional<SSLContext> tls() {
        return Optional.empty();
    }

    @Override
    void close();

    /** The server that {@code MLFLOW_TRACKING_URI} names, or the embedded one on this folder. */
    static Endpoint of(Map<String, String> environment, Path mlruns, Consumer<String> notices) {
        String address = environment.getOrDefault(TrackingAddress.VARIABLE, "").strip();
        return address.isEmpty() ? new EmbeddedEndpoint(mlruns, notices) : RemoteEndpoint.of(address, environment);
    }
}
