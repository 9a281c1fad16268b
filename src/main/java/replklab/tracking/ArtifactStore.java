package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
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
     * Puts a file there, and makes sure of it.
     *
     * @param root artifact URI of a run or a model
     * @param path folder and name below it, with {@code /}
     */
    void put(String root, String path, Path file) throws MlflowUnreachable, MlflowRefused {
        if (!Files.isRegularFile(file)) {
            throw new MlflowRefused("the file " + file + " is gone");
        }
        URI uri = URI.create(root.contains(" ") ? root.replace(" ", "%20") : root);
        String scheme = uri.getScheme();
        if ("mlflow-artifacts".equals(scheme)) {
            String place = uri.getPath() + "/" + path;
            HttpAnswer answer = upload(proxy(uri) + "/" + encoded(place, "/"), file);
            // MLflow 3 says nothing to a file, and so may others.
            if (answer.empty() || !answer.json(true).isEmpty()) {
                requireThere(proxy(uri), place, file);
            }
        } else if (scheme == null || scheme.equals("file")) {
            copy(Path.of(uri.getPath()), path, file);
        } else {
            throw new MlflowRefused(
                    "this server keeps artifacts at " + root + ", which takes cloud credentials; start it"
                            + " with --artifacts-destination to have it take them in");
        }
    }

    /** {@code mlflow-artifacts:/1/run/artifacts} lies behind the tracking server, or behind the host that it names. */
    private String proxy(URI root) {
        String server = root.getAuthority() == null
                ? endpoint.uri().toString()
                : endpoint.uri().getScheme() + "://" + root.getAuthority();
        return server + "/api/2.0/mlflow-artifacts/artifacts";
    }

    private static String encoded(String path, String between) {
        return Arrays.stream(path.split("/"))
                .filter(part -> !part.isEmpty())
                .map(Rest::encoded)
                .collect(Collectors.joining(between));
    }

    /** Asks for the list of the folder: nobody but MLflow can say that the file is in it, with its size. */
    private void requireThere(String proxy, String place, Path file) throws MlflowUnreachable, MlflowRefused {
        int slash = place.lastIndexOf('/');
        String name = place.substring(slash + 1);
        String folder = encoded(place.substring(0, slash), "%2F");
        HttpAnswer answer = transport.send(
                "GET", proxy + "?path=" + folder, HttpRequest.BodyPublishers.noBody(), "application/json", LEAST);
        try {
            for (JsonNode there : Expected.array(answer.json(true), "files")) {
                String path = there.path("path").asText();
                if (path.substring(path.lastIndexOf('/') + 1).equals(name)
                        && there.path("file_size").asLong() == Files.size(file)) {
                    return;
                }
            }
        } catch (MlflowRefused e) {
            if (e.lacking()) {
                return; // it takes files and shows none
            }
            throw e;
        } catch (MlflowUnreachable e) {
            throw e;
        } catch (IOException e) {
            throw new MlflowRefused("cannot read " + file + ": " + e.getMessage(), e);
        }
        throw answer.notMlflows("HTTP 200 to the file " + name + ", which is not there afterwards,");
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
