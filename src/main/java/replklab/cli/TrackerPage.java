package replklab.cli;

import java.net.URI;
import java.util.Optional;
import replklab.base.LabHome;
import replklab.tracking.MlflowServer;
import replklab.tracking.TrackerAddress;

/**
 * The page that the user sees of MLflow: the embedded server's, which runs at least as long as this is open, or that of the
 * one that MLFLOW_TRACKING_URI names.
 */
record TrackerPage(URI page, Optional<MlflowServer> server) implements AutoCloseable {
    static final String ADDRESS_VARIABLE = "MLFLOW_TRACKING_URI";

    /** Starts the embedded server unless the variable names another one, or one runs already. */
    static TrackerPage open() {
        Optional<URI> named = TrackerAddress.named(System.getenv());
        if (named.isPresent()) {
            return new TrackerPage(TrackerAddress.page(named.get()), Optional.empty());
        }
        MlflowServer server = MlflowServer.open(LabHome.resolve("mlruns"), System.err::println);
        return new TrackerPage(TrackerAddress.page(server.uri()), Optional.of(server));
    }

    @Override
    public void close() {
        server.ifPresent(MlflowServer::close);
    }
}
