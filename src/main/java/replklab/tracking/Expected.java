package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What MLflow's answers hold: one that does not is somebody else's, be it with status 200, and what it stands for has not happened. */
final class Expected {
    private Expected() {}

    /**
     * The text that is there.
     *
     * @param pointer where, as in {@link JsonNode#at}
     */
    static String text(JsonNode answer, String pointer) throws MlflowUnreachable {
        String text = answer.at(pointer).asText("");
        if (text.isEmpty()) {
            throw unexpected(answer, pointer);
        }
        return text;
    }

    /** The answer itself, if the text that is there is this one. */
    static JsonNode same(JsonNode answer, String pointer, String text) throws MlflowUnreachable {
        if (!text(answer, pointer).equals(text)) {
            throw unexpected(answer, pointer);
        }
        return answer;
    }

    /** The array of that name; an empty one may be left out. */
    static JsonNode array(JsonNode answer, String name) throws MlflowUnreachable {
        if (!answer.isEmpty() && !answer.path(name).isArray() && !answer.has("next_page_token")) {
            throw unexpected(answer, name);
        }
        return answer.path(name);
    }

    /** An empty object, by which MLflow confirms. */
    static void nothing(JsonNode answer) throws MlflowUnreachable {
        if (!answer.isEmpty()) {
            throw unexpected(answer, "nothing");
        }
    }

    private static MlflowUnreachable unexpected(JsonNode answer, String asked) {
        return new HttpAnswer(asked, 200, answer.toString(), Optional.empty(), Optional.empty()).notMlflows("HTTP 200");
    }
}
