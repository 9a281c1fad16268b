package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** MLflow's REST interface, for the requests that its Java client does not know. */
interface Rest {
    /**
     * One request and its answer. A request that reads or that does no harm when it arrives twice may be repeated.
     *
     * @param method {@code GET}, {@code POST} or {@code PATCH}
     * @param path below {@code /api/2.0/mlflow/}, with the query if there is one
     * @param body what is sent as JSON, or null
     * @throws MlflowRefused if MLflow will never take it; {@link MlflowRefused#lacking()} if it has no such endpoint
     * @throws MlflowUnreachable if it may take it later
     */
    JsonNode ask(String method, String path, Object body) throws MlflowUnreachable, MlflowRefused;

    /** A text as a part of a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
