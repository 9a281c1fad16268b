package replklab.tracking;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A server that others look after. */
record RemoteEndpoint(URI uri, Credentials credentials, Optional<SSLContext> tls) implements Endpoint {
    /**
     * The server at an address.
     *
     * @param environment the variables of MLflow's own clients: log-in, token and certificates
     */
    static RemoteEndpoint of(String address, Map<String, String> environment) {
        TrackingAddress parsed = TrackingAddress.of(address);
        boolean encrypted = parsed.uri().getScheme().equals("https");
        return new RemoteEndpoint(
                parsed.uri(),
                Credentials.of(parsed, environment),
                encrypted ? TlsSettings.context(environment) : Optional.empty());
    }

    @Override
    public String identity() {
        return uri.toString();
    }

    @Override
    public void revive() {
        // Not ours to start.
    }

    @Override
    public void close() {
        // Not ours to stop.
    }
}
