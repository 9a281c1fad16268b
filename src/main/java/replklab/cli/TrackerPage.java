package replklab.cli;

import java.net.URI;
import java.util.Optional;
import replklab.base.LabHome;
import replklab.tracking.MlflowServer;

/** The page that the user sees of MLflow: the embedded server, or the one that MLFLOW_TRACKING_URI names. */
record TrackerPage(URI page, Optional<MlflowServer> server) implements AutoCloseable {
    static final String ADDRESS_VARIABLE = "MLFLOW_TRACKING_URI";

    /** Starts the embedded server unless the variable names another one, or one runs already. */
    static TrackerPage open() {
        String named = System.getenv(ADDRESS_VARIABLE);
        if (named != null && !named.isBlank()) {
            return new TrackerPage(URI.create(named), Optional.empty());
        }
        MlflowServer server = MlflowServer.open(LabHome.resolve("mlruns"), System.err::println);
        return new TrackerPage(server.uri(), Optional.of(server));
    }

    @Override
    public void close() {
        server.ifPresent(MlflowServer::close);
    }
}
