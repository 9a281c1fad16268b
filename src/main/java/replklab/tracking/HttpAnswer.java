package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import replklab.tracking.MlflowUnreachable.Kind;

/**
 * What a server answered, and what that says about the request. Only an answer in MLflow's own form counts as MLflow's word:
 * anything else, be it with status 200, may come from a proxy, an expired log-in's page or another program on the port.
 *
 * @param request its method and path
 * @param body without our password or token, should the server have repeated them
 * @param location where a redirect leads
 */
record HttpAnswer(String request, int status, String body, Optional<Duration> retryAfter, Optional<String> location) {
    private static final int LONGEST_QUOTE = 200;

    /** Whether it is a success without a word. */
    boolean empty() {
        return status / 100 == 2 && body.isBlank();
    }

    /**
     * The answer as a JSON object.
     *
     * @param optional whether MLflow servers exist that lack the endpoint
     * @throws MlflowRefused if the server will never take the request
     * @throws MlflowUnreachable if it did not take it now, or if the answer is not MLflow's
     */
    JsonNode json(boolean optional) throws MlflowUnreachable, MlflowRefused {
        Optional<ObjectNode> object = Json.read(body, JsonNode.class)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast);
        if (status / 100 == 2) {
            return object.orElseThrow(() -> notMlflows("HTTP " + status));
        }
        String code = object.map(error -> error.path("error_code").asText()).orElse("");
        switch (status) {
            case 401 ->
                throw barred(
                        "it does not know us (HTTP 401): set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or"
                                + " MLFLOW_TRACKING_TOKEN");
            case 403 ->
                throw barred(
                        body.contains("Host header")
                                ? "it refuses the host name by which it is called (" + quoted()
                                        + "): whoever runs it must add"
                                        + " the name to its --allowed-hosts (MLFLOW_SERVER_ALLOWED_HOSTS)"
                                : "these credentials may not do this (HTTP 403: " + quoted()
                                        + "): whoever runs it must give" + " this user the permission to write");
            case 407 -> throw barred("a proxy on the way wants a log-in (HTTP 407)");
            case 413 -> throw new MlflowRefused("HTTP 413: too large for the server");
            case 408, 425, 429 -> throw troubled("HTTP " + status + ": " + quoted());
            default -> {}
        }
        boolean missing = status == 404 || status == 405 || status == 501;
        boolean switchedOff = status == 503 && body.contains("--serve-artifacts");
        boolean lacking =
                missing && (code.isEmpty() || code.matches("ENDPOINT_NOT_FOUND|NOT_IMPLEMENTED|FEATURE_DISABLED"));
        if (optional && (lacking || switchedOff)) {
            throw new MlflowRefused(MlflowRefused.Kind.LACKING, "HTTP " + status);
        }
        if (status / 100 == 4 && !code.isEmpty()) {
            throw new MlflowRefused(
                    code + ": " + quoted(object.get().path("message").asText()));
        }
        if (status / 100 == 3) {
            throw troubled("HTTP " + status + ", it sends us on"
                    + location.map(place -> " to " + place).orElse("")
                    + ": an expired log-in, or another address than it had");
        }
        throw status / 100 == 5 ? troubled("HTTP " + status + ": " + quoted()) : notMlflows("HTTP " + status);
    }

    MlflowUnreachable notMlflows(String what) {
        return troubled(what + " with an answer that is not MLflow's (" + quoted()
                + "): another program, a proxy, or an" + " expired log-in");
    }

    private MlflowUnreachable troubled(String message) {
        return new MlflowUnreachable(Kind.TROUBLED, message, request, retryAfter);
    }

    private MlflowUnreachable barred(String message) {
        return new MlflowUnreachable(Kind.BARRED, message, request, retryAfter);
    }

    /** The beginning of the answer, on one line. */
    private String quoted() {
        return quoted(body);
    }

    private static String quoted(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (line.isEmpty()) {
            return "empty";
        }
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "...";
    }
}
