package replklab.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run as MLflow's database has it.
 *
 * @param plan variant and seed, or empty for one that is a whole execution
 * @param stage {@code active}, or {@code deleted}
 * @param points value by key and step, as often as it is there
 * @param inputs data sets with their contexts
 * @param models logged models, with their status
 * @param artifacts the folder its artifacts lie in, as MLflow names it
 */
record MlflowRun(
        String id,
        String experiment,
        String plan,
        String status,
        String stage,
        Map<String, String> params,
        Map<String, String> tags,
        Map<String, List<String>> points,
        List<String> inputs,
        List<String> models,
        String artifacts) {
    static MlflowRun of(String id, JsonNode json) {
        Map<String, List<String>> points = new TreeMap<>();
        for (JsonNode point : json.get("points")) {
            points.computeIfAbsent(point.get(0).asText() + "@" + point.get(1).asText(), any -> new ArrayList<>())
                    .add(point.get(2).asText());
        }
        Map<String, String> tags = texts(json.get("tags"));
        String variant = tags.getOrDefault("replklab.variant", "");
        return new MlflowRun(
                id,
                json.get("experiment").asText(),
                variant.isEmpty() ? "" : variant + " seed=" + tags.get("replklab.seed"),
                json.get("status").asText(),
                json.get("stage").asText(),
                texts(json.get("params")),
                tags,
                points,
                list(json.get("inputs")),
                list(json.get("models")),
                json.get("artifacts").asText());
    }

    boolean active() {
        return stage.equals("active");
    }

    private static Map<String, String> texts(JsonNode json) {
        Map<String, String> texts = new TreeMap<>();
        json.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private static List<String> list(JsonNode json) {
        List<String> list = new ArrayList<>();
        json.forEach(each -> list.add(each.asText()));
        list.sort(null);
        return list;
    }
}
