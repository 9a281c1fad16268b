package replklab.tracking;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.mlflow.tracking.creds.MlflowHostCreds;
import replklab.base.LabException;

/** The MLflow server that a tracker talks to. */
sealed interface Endpoint extends AutoCloseable permits Endpoint.Remote, EmbeddedEndpoint {
    /** Its address without a slash at the end; the embedded server's may change in {@link #revive()}. */
    URI uri();

    /** Names the tracker in what is kept for it: an address, or {@code embedded}, whose port changes. */
    String identity();

    /** Gets the server going again if it is gone and that is in our hands. */
    void revive();

    /** Address and credentials for the Java client. */
    MlflowHostCreds credentials();

    /** The {@code Authorization} header for requests that the Java client does not make. */
    default Optional<String> authorization() {
        MlflowHostCreds creds = credentials();
        if (creds.getToken() != null) {
            return Optional.of("Bearer " + creds.getToken());
        }
        if (creds.getUsername() == null || creds.getPassword() == null) {
            return Optional.empty();
        }
        byte[] pair = (creds.getUsername() + ":" + creds.getPassword()).getBytes(StandardCharsets.UTF_8);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    @Override
    void close();

    /** The server that {@code MLFLOW_TRACKING_URI} names, or the embedded one on this folder. */
    static Endpoint of(Map<String, String> environment, Path mlruns, Consumer<String> notices) {
        String address = environment.getOrDefault("MLFLOW_TRACKING_URI", "").strip();
        return address.isEmpty() ? new EmbeddedEndpoint(mlruns, notices) : Remote.of(address, environment);
    }

    /** A server that others look after. */
    record Remote(URI uri, MlflowHostCreds credentials) implements Endpoint {
        static Remote of(String address, Map<String, String> environment) {
            URI uri = parse(address);
            String user = environment.get("MLFLOW_TRACKING_USERNAME");
            String password = environment.get("MLFLOW_TRACKING_PASSWORD");
            if (uri.getUserInfo() != null && user == null) {
                String[] pair = uri.getUserInfo().split(":", 2);
                user = pair[0];
                password = pair.length > 1 ? pair[1] : "";
            }
            if (Boolean.parseBoolean(environment.getOrDefault("MLFLOW_TRACKING_INSECURE_TLS", "false"))) {
                throw new LabException(
                        "MLFLOW_TRACKING_INSECURE_TLS is not supported: "
                                + "add the server's certificate to the JDK's trust store instead (keytool -importcert -cacerts)");
            }
            URI bare = withoutUser(uri);
            String token = environment.get("MLFLOW_TRACKING_TOKEN");
            return new Remote(bare, new BasicMlflowHostCreds(bare.toString(), user, password, token, false));
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

        private static URI parse(String address) {
            String allowed = "it must be http://HOST:PORT or https://HOST:PORT of an MLflow server; "
                    + "unset it to use the embedded one";
            URI uri;
            try {
                uri = new URI(address);
            } catch (URISyntaxException e) {
                throw new LabException("MLFLOW_TRACKING_URI=" + address + " is not an address: " + allowed, e);
            }
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null) {
                throw new LabException("MLFLOW_TRACKING_URI=" + address + " is not supported: " + allowed);
            }
            return uri;
        }

        /** A password in the address must not turn up in messages and files. */
        private static URI withoutUser(URI uri) {
            String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("/+$", "");
            try {
                return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), path, null, null);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }
}
