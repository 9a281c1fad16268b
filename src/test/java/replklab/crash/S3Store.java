package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A store that speaks S3 (moto), on 127.0.0.1 and in memory, with one bucket. */
final class S3Store implements AutoCloseable {
    private static final String BUCKET = "mlflow";
    /** Objects are not public; moto does not look at the signature. */
    private static final String SOMEBODY =
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=none";

    private static final long PATIENCE_MILLIS = 120_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private S3Store(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one; what it says goes to a file in the folder. */
    static S3Store start(Path folder, Path python) throws IOException, InterruptedException {
        int port = MlflowProcess.freePort();
        Path log = folder.resolve("store.log");
        Process process = new ProcessBuilder(
                        python.toString(), "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        S3Store store = new S3Store(process, port);
        if (!Processes.await(() -> !process.isAlive() || store.makesBucket(), PATIENCE_MILLIS) || !process.isAlive()) {
            store.close();
            throw new AssertionError("the store did not start:\n" + Files.readString(log));
        }
        return store;
    }

    private boolean makesBucket() {
        try {
            return send(HttpRequest.newBuilder(at("")).PUT(HttpRequest.BodyPublishers.noBody()))
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            Processes.pause(200);
            return false;
        }
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + "/" + BUCKET + path);
    }

    /** What MLflow's server keeps artifacts in. */
    String destination() {
        return "s3://" + BUCKET + "/artifacts";
    }

    /** What MLflow's server needs in its environment. */
    Map<String, String> environment() {
        return Map.of(
                "MLFLOW_S3_ENDPOINT_URL",
                "http://127.0.0.1:" + port,
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "of this test",
                "AWS_DEFAULT_REGION",
                "us-east-1");
    }

    /**
     * The content of an artifact, read past MLflow.
     *
     * @param root as MLflow names it, such as {@code mlflow-artifacts:/1/RUN/artifacts}
     */
    byte[] read(String root, String path) throws IOException {
        String place = "/artifacts/" + root.replaceFirst("mlflow-artifacts:/+", "") + "/" + path;
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(at(place.replace(" ", "%20"))));
        assertThat(answer.statusCode()).as("%s in the store", place).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(
                    request.header("Authorization", SOMEBODY).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.close();
    }
}
