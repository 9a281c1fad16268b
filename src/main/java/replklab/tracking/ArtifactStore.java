package replklab.tracking;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Puts files where a run's artifacts belong: by one HTTP request where the server takes them in, by a copy where they lie in
 * a folder of this machine. (The Java client starts Python for each file, which takes seconds.)
 */
final class ArtifactStore implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int SLOWEST_BYTES_PER_SECOND = 500_000;

    private final Endpoint endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    ArtifactStore(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * @param root the run's artifact URI
     * @param path folder and name below it, with {@code /}
     */
    void put(String root, String path, Path file) throws MlflowUnreachable, MlflowRefused {
        if (!Files.isRegularFile(file)) {
            throw new MlflowRefused("the file " + file + " is gone");
        }
        URI uri = URI.create(root.contains(" ") ? root.replace(" ", "%20") : root);
        String scheme = uri.getScheme();
        if ("mlflow-artifacts".equals(scheme)) {
            upload(proxied(uri, path), file);
        } else if (scheme == null || scheme.equals("file")) {
            copy(Path.of(uri.getPath()), path, file);
        } else {
            throw new MlflowRefused(
                    "this server keeps artifacts at " + root + ", which takes cloud credentials; start it"
                            + " with --artifacts-destination to have it take them in");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** {@code mlflow-artifacts:/1/run/artifacts} lies behind the tracking server, or behind the host that it names. */
    private URI proxied(URI root, String path) {
        String server = root.getAuthority() == null
                ? endpoint.uri().toString()
                : endpoint.uri().getScheme() + "://" + root.getAuthority();
        String whole = root.getPath() + "/" + path;
        String encoded = Arrays.stream(whole.split("/"))
                .filter(part -> !part.isEmpty())
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        return URI.create(server + "/api/2.0/mlflow-artifacts/artifacts/" + encoded);
    }

    private void upload(URI target, Path file) throws MlflowUnreachable, MlflowRefused {
        try {
            Duration limit = Duration.ofSeconds(60 + Files.size(file) / SLOWEST_BYTES_PER_SECOND);
            HttpRequest.Builder request = HttpRequest.newBuilder(target)
                    .timeout(limit)
                    .header("Content-Type", "application/octet-stream")
                    .PUT(HttpRequest.BodyPublishers.ofFile(file));
            endpoint.authorization().ifPresent(value -> request.header("Authorization", value));
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                HttpFailure.check(answer.statusCode(), answer.body());
                throw new MlflowUnreachable("HTTP " + answer.statusCode() + " for " + target, true, null);
            }
        } catch (MlflowUnreachable e) {
            throw e;
        } catch (IOException e) {
            throw new MlflowUnreachable(String.valueOf(e.getMessage()), false, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlflowUnreachable("interrupted", false, e);
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
