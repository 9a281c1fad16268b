package replklab.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
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
        return open(OptionalInt.empty());
    }

    /**
     * The same on a certain port.
     *
     * @throws LabException if the page cannot be there: something else is, or the folder's server runs elsewhere
     */
    static TrackerPage open(OptionalInt port) {
        Optional<URI> named = TrackerAddress.named(System.getenv());
        if (named.isPresent()) {
            if (port.isPresent()) {
                throw new UsageException("--port is for the checkout's own server; " + ADDRESS_VARIABLE
                        + " names another one, which has its own");
            }
            return new TrackerPage(TrackerAddress.page(named.get()), Optional.empty());
        }
        Path folder = LabHome.resolve("mlruns");
        MlflowServer server = port.isPresent()
                ? MlflowServer.open(folder, port.getAsInt(), System.err::println)
                : MlflowServer.open(folder, System.err::println);
        if (port.isPresent() && server.uri().getPort() != port.getAsInt()) {
            server.close();
            throw new LabException("MLflow runs already, at " + TrackerAddress.page(server.uri())
                    + ", since runs or a notebook use it: --port counts when it starts");
        }
        return new TrackerPage(TrackerAddress.page(server.uri()), Optional.of(server));
    }

    @Override
    public void close() {
        server.ifPresent(MlflowServer::close);
    }
}
