package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import replklab.base.Shown;
import replklab.base.UsageException;

/**
 * Compares keys of a file with the components of the records they become. Jackson would do so only after it has made the
 * record, and so call a key missing that is misspelt.
 *
 * @param where tells the line of a key by its pointer, such as {@code /training/epochs}, in words
 */
record KeyCheck(UnaryOperator<String> where) {
    /** What may be left out, or what the record itself asks for; all else has a default or must be said. */
    private static final Set<String> OPTIONAL = Set.of(
            "question",
            "scale",
            "paper",
            "ours",
            "classPath",
            "metrics",
            "options",
            "data",
            "model",
            "training",
            "finetune",
            "measure",
            "evaluate",
            "metric",
            "only",
            "table",
            "column",
            "columns",
            "factors",
            "levels",
            "where",
            "without",
            "labels",
            "ignore",
            "reduceZeroLabel",
            "values",
            "place",
            "evaluateOn",
            "search",
            "chosen",
            "role",
            "claim",
            "test",
            "margin",
            "reason",
            "interest",
            "spread",
            "standing",
            "minus",
            "over",
            "butNot",
            "firstSeed",
            "direction");

    /**
     * Throws unless an object has exactly the record's keys, and so on down.
     *
     * @param pointer where the object stands in the file
     * @throws UsageException naming an unknown or a missing key by its path
     */
    void check(JsonNode object, Class<?> type, String pointer) {
        List<RecordComponent> components = Arrays.asList(type.getRecordComponents());
        List<String> known = components.stream().map(RecordComponent::getName).toList();
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new UsageException((pointer.isEmpty() ? "" : path(pointer) + ": ")
                        + UsageException.unknown("key", Shown.of(key), known).getMessage()
                        + where.apply(pointer + "/" + key));
            }
        });
        for (RecordComponent component : components) {
            String place = pointer + "/" + component.getName();
            JsonNode value = object.get(component.getName());
            boolean missing = value == null || value.isNull();
            if (missing && !OPTIONAL.contains(component.getName())) {
                throw new UsageException(path(place) + " is missing" + where.apply(place));
            }
            if (value != null && !value.isNull()) {
                ValueCheck.check(value, component.getGenericType(), path(place), where.apply(place));
                checkRecords(value, component, place);
            }
        }
    }

    private void checkRecords(JsonNode value, RecordComponent component, String place) {
        if (component.getType().isRecord()) {
            check(value, component.getType(), place);
        } else if (value.isArray() && element(component) instanceof Class<?> each && each.isRecord()) {
            for (int i = 0; i < value.size(); i++) {
                check(value.get(i), each, place + "/" + i);
            }
        }
    }

    /** A pointer as the user reads it: {@code hypotheses[0].ours}. */
    static String path(String pointer) {
        return pointer.replaceFirst("^/", "").replaceAll("/(\\d+)", "[$1]").replace('/', '.');
    }

    private static Object element(RecordComponent list) {
        return list.getGenericType() instanceof ParameterizedType type ? type.getActualTypeArguments()[0] : null;
    }
}
