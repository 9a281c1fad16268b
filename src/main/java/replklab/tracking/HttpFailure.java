package replklab.tracking;

import java.util.Map;
import java.util.Set;

/** Tells which of a server's answers are final. */
final class HttpFailure {
    /** Not logged in, time out, too early, too many: sending again later can help. */
    private static final Set<Integer> PASSING = Set.of(401, 403, 407, 408, 425, 429);

    private HttpFailure() {}

    /**
     * Throws if the request itself is at fault. An answer that is not in MLflow's own form comes from something else, such
     * as a proxy or another program on the port, and says nothing about the request.
     */
    static void check(int status, String body) throws MlflowRefused {
        boolean clientError = status >= 400 && status < 500 && !PASSING.contains(status);
        Map<?, ?> answer = Json.read(body == null ? "" : body, Map.class).orElse(Map.of());
        if (clientError && answer.containsKey("error_code")) {
            throw new MlflowRefused(answer.get("error_code") + ": " + answer.get("message"));
        }
        if (status == 413) {
            throw new MlflowRefused("HTTP 413: too large for the server");
        }
    }
}
