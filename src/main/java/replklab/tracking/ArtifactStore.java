package replklab.tracking;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Puts files where a run's artifacts belong: by one HTTP request where the server takes them in, by a copy where they lie in
 * a folder of this machine.
 */
final class ArtifactStore {
    private static final Duration LEAST = Duration.ofSeconds(60);
    private static final int SLOWEST_BYTES_PER_SECOND = 500_000;

    private final Endpoint endpoint;
    private final Transport transport;

    ArtifactStore(Endpoint endpoint, Transport transport) {
        this.endpoint = endpoint;
        this.transport = transport;
    }

    /**
     * @param root the run's artifact URI
     * @param path folder and name below it, with {@code /}
     * @return the server's answer, empty where there was no server in between
     */
    Optional<HttpAnswer> put(String root, String path, Path file) throws MlflowUnreachable, MlflowRefused {
        if (!Files.isRegularFile(file)) {
            throw new MlflowRefused("the file " + file + " is gone");
        }
        URI uri = URI.create(root.contains(" ") ? root.replace(" ", "%20") : root);
        String scheme = uri.getScheme();
        if ("mlflow-artifacts".equals(scheme)) {
            return Optional.of(upload(proxied(uri, path), file));
        } else if (scheme == null || scheme.equals("file")) {
            copy(Path.of(uri.getPath()), path, file);
            return Optional.empty();
        } else {
            throw new MlflowRefused(
                    "this server keeps artifacts at " + root + ", which takes cloud credentials; start it"
                            + " with --artifacts-destination to have it take them in");
        }
    }

    /** {@code mlflow-artifacts:/1/run/artifacts} lies behind the tracking server, or behind the host that it names. */
    private String proxied(URI root, String path) {
        String server = root.getAuthority() == null
                ? endpoint.uri().toString()
                : endpoint.uri().getScheme() + "://" + root.getAuthority();
        String whole = root.getPath() + "/" + path;
        String encoded = Arrays.stream(whole.split("/"))
                .filter(part -> !part.isEmpty())
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        return server + "/api/2.0/mlflow-artifacts/artifacts/" + encoded;
    }

    private HttpAnswer upload(String target, Path file) throws MlflowUnreachable, MlflowRefused {
        try {
            Duration limit = LEAST.plusSeconds(Files.size(file) / SLOWEST_BYTES_PER_SECOND);
            return transport.send(
                    "PUT", target, HttpRequest.BodyPublishers.ofFile(file), "application/octet-stream", limit);
        } catch (MlflowUnreachable e) {
            throw e;
        } catch (IOException e) {
            throw new MlflowRefused("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The run's folder may be new, its experiment's or the root above must be there: else it is another machine's. */
    private static void copy(Path root, String path, Path file) throws MlflowRefused {
        Path experiments = root.resolve("..").resolve("..").resolve("..").normalize();
        if (!root.isAbsolute() || !Files.isWritable(experiments)) {
            throw new MlflowRefused("this server keeps artifacts in the folder " + root
                    + " of its machine, which cannot be written from here");
        }
        try {
            Path target = root.resolve(path);
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new MlflowRefused("cannot copy to " + root + ": " + e.getMessage(), e);
        }
    }
}
