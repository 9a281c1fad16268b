package replklab.tracking;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The server that this program starts by itself, and shares with all that need it. */
final class EmbeddedEndpoint implements Endpoint {
    static final String IDENTITY = "embedded";

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
        return IDENTITY;
    }

    @Override
    public void revive() {
        server.revive();
    }

    @Override
    public Credentials credentials() {
        return new Credentials(Optional.empty(), Optional.empty(), Optional.of(server.token()));
    }

    @Override
    public void close() {
        server.close();
    }
}
