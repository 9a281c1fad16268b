package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Requests to MLflow as JSON over HTTP. */
final class HttpRest implements Rest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;

    private final Endpoint endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    HttpRest(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public JsonNode ask(String method, String path, Object body) throws MlflowUnreachable, MlflowRefused {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint.uri() + "/api/2.0/mlflow/" + path))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(Json.line(body)));
            endpoint.authorization().ifPresent(value -> request.header("Authorization", value));
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Optional<JsonNode> json = Json.read(answer.body(), JsonNode.class).filter(JsonNode::isObject);
            if (answer.statusCode() / 100 == 2 && json.isPresent()) {
                return json.get();
            }
            String code = json.map(error -> error.path("error_code").asText()).orElse("");
            boolean nowhere = answer.statusCode() == NOT_FOUND || answer.statusCode() == NOT_ALLOWED;
            if (nowhere && (code.isEmpty() || code.equals("ENDPOINT_NOT_FOUND"))) {
                throw new MlflowRefused("it has no " + path.replaceAll("[?].*", ""), true);
            }
            HttpFailure.check(answer.statusCode(), answer.body());
            throw new MlflowUnreachable("HTTP " + answer.statusCode() + " for " + path, true, null);
        } catch (MlflowUnreachable e) {
            throw e;
        } catch (IOException e) {
            throw new MlflowUnreachable(String.valueOf(e.getMessage()), false, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlflowUnreachable("interrupted", false, e);
        }
    }
}
