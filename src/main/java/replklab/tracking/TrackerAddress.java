package replklab.tracking;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Addresses of MLflow as a user may see them. */
public final class TrackerAddress {
    private TrackerAddress() {}

    /**
     * The server that {@code MLFLOW_TRACKING_URI} names, without the user and password that may be in it; empty if it names
     * none, so that the embedded one is meant.
     *
     * @throws replklab.base.LabException if it is no address of a server
     */
    public static Optional<URI> named(Map<String, String> environment) {
        String address = environment.getOrDefault(TrackingAddress.VARIABLE, "").strip();
        return address.isEmpty()
                ? Optional.empty()
                : Optional.of(TrackingAddress.of(address).uri());
    }

    /** The page with a server's experiments, in the view for training runs: MLflow opens another one by itself. */
    public static URI page(URI server) {
        return URI.create(server + RunPage.EXPERIMENTS);
    }
}
