package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import replklab.base.Shown;
import replklab.base.UsageException;

/** Compares values of a file with the types that they are to become, so that what is wrong is said in the user's words. */
final class ValueCheck {
    private ValueCheck() {}

    /**
     * Throws unless a value, not null, can become a type.
     *
     * @param path of the value as the user reads it
     * @param where its line, in words
     */
    static void check(JsonNode value, Type type, String path, String where) {
        String wanted = wanted(value, type);
        if (wanted != null) {
            throw new UsageException(path + " is " + Shown.of(value.toString()) + where + "; it must be " + wanted);
        }
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[generic.getRawType() == Map.class ? 1 : 0];
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    check(value.get(i), element, path + "[" + i + "]", where);
                }
            } else {
                value.properties().forEach(entry -> {
                    // A factor without levels, and the like, is told by what knows of factors.
                    if (!entry.getValue().isNull()) {
                        check(entry.getValue(), element, path + "." + Shown.of(entry.getKey()), where);
                    }
                });
            }
        }
    }

    /** What must stand there in words, or null if it does. */
    private static String wanted(JsonNode value, Type type) {
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        if (raw == List.class) {
            return value.isArray() ? null : "a list, such as [1, 2]";
        }
        if (raw == int.class || raw == Integer.class) {
            return wholeNumber(value, value.canConvertToInt(), Integer.MAX_VALUE);
        }
        if (raw == long.class || raw == Long.class) {
            return wholeNumber(value, value.canConvertToLong(), Long.MAX_VALUE);
        }
        if (raw == double.class || raw == Double.class) {
            return value.isNumber() ? null : "a number";
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return value.isBoolean() ? null : "true or false";
        }
        if (raw == String.class) {
            return value.isValueNode() && !value.isNull() ? null : "text";
        }
        if (raw instanceof Class<?> kind && kind.isEnum()) {
            return isNamed(value, kind) ? null : "one of " + String.join(", ", names(kind));
        }
        boolean map = raw == Map.class || (raw instanceof Class<?> kind && kind.isRecord());
        return !map || value.isObject() ? null : "a map of keys with values";
    }

    private static String wholeNumber(JsonNode value, boolean fits, long most) {
        return value.isIntegralNumber() && fits ? null : "a whole number" + (value.isNumber() ? " up to " + most : "");
    }

    private static boolean isNamed(JsonNode value, Class<?> kind) {
        return value.isTextual()
                && names(kind).contains(SpokenNames.spoken(value.textValue()).toLowerCase(Locale.ROOT));
    }

    private static List<String> names(Class<?> kind) {
        return Arrays.stream(kind.getEnumConstants())
                .map(constant -> SpokenNames.spoken(((Enum<?>) constant).name()).toLowerCase(Locale.ROOT))
                .toList();
    }
}
