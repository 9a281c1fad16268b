package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import replklab.base.UserClasses;
import replklab.data.Datasets;

/**
 * Data sets of the user's own in a file: their options stand beside the name, as the library's do, and are gathered for those who
 * open them.
 *
 * @param file the configuration, which is changed
 */
record OwnData(ObjectNode file) {
    private static final String OPTIONS = "options";

    /** What every data set has. */
    private static final Set<String> COMMON =
            Set.of("name", "trainExamples", "testExamples", "validationExamples", "evaluateOn");

    /**
     * Gathers them.
     *
     * @throws replklab.base.UsageException for a name that no data set has, or a class that is none
     */
    void gather() {
        UserClasses classes = classes();
        gather("data.name", file.get("data"), classes);
        gather("finetune.data.name", file.path("finetune").path("data"), classes);
    }

    private UserClasses classes() {
        List<Path> places = new ArrayList<>();
        file.path("classPath").forEach(place -> places.add(Path.of(place.asText())));
        return UserClasses.of(places);
    }

    private static void gather(String key, JsonNode read, UserClasses classes) {
        if (!(read instanceof ObjectNode data)
                || !data.path("name").isTextual()
                || Datasets.isOwn(data.path("name").textValue())) {
            return;
        }
        Datasets.require(key, data.path("name").textValue(), classes);
        ObjectNode options = data.objectNode();
        data.properties().stream()
                .filter(each -> !COMMON.contains(each.getKey()) && !isDefault(each.getKey(), each.getValue()))
                .forEach(each -> options.set(each.getKey(), each.getValue()));
        data.retain(COMMON);
        data.put("path", "").put("resolution", 0); // the library's own data sets have them
        data.set(OPTIONS, options);
    }

    /** What nobody said. */
    private static boolean isDefault(String key, JsonNode value) {
        return (key.equals("path") && value.asText().isEmpty()) || (key.equals("resolution") && value.asInt() == 0);
    }
}
