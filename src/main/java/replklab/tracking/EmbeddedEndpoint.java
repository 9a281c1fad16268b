package replklab.tracking;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.mlflow.tracking.creds.MlflowHostCreds;

/** The server that this program starts by itself, and shares with all that need it. */
final class EmbeddedEndpoint implements Endpoint {
    private final MlflowServer server;

    EmbeddedEndpoint(Path mlruns, Consumer<String> notices) {
        this.server = MlflowServer.open(mlruns, notices);
    }

    @Override
    public URI uri() {
        return server.uri();
    }

    @Override
    public String identity() {
        return "embedded";
    }

    @Override
    public void revive() {
        server.revive();
    }

    @Override
    public MlflowHostCreds credentials() {
        return new BasicMlflowHostCreds(uri().toString(), null, null, server.token(), false);
    }

    @Override
    public void close() {
        server.close();
    }
}
