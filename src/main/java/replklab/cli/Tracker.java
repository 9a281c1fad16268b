package replklab.cli;

import java.net.URI;
import java.util.Optional;
import replklab.base.LabHome;
import replklab.tracking.MlflowServer;

/** The tracker whose page the user sees: the embedded server, or the one that MLFLOW_TRACKING_URI names. */
record Tracker(URI page, Optional<MlflowServer> server) implements AutoCloseable {
    static final String ADDRESS_VARIABLE = "MLFLOW_TRACKING_URI";

    /** Starts the embedded server unless the variable names another one, or one runs already. */
    static Tracker open() {
        String named = System.getenv(ADDRESS_VARIABLE);
        if (named != null && !named.isBlank()) {
            return new Tracker(URI.create(named), Optional.empty());
        }
        MlflowServer server = MlflowServer.open(LabHome.resolve("mlruns"), System.err::println);
        return new Tracker(server.uri(), Optional.of(server));
    }

    @Override
    public void close() {
        server.ifPresent(MlflowServer::close);
    }
}
