package replklab.experiment;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;

/** Reads names of constants as one says them: {@code at most} and {@code second-hand} for {@code AT_MOST} and {@code SECOND_HAND}. */
final class SpokenNames extends DeserializationProblemHandler {
    /** A name with spaces between its words. */
    static String spoken(String name) {
        return name.replace('_', ' ').replace('-', ' ');
    }

    @Override
    public Object handleWeirdStringValue(DeserializationContext context, Class<?> type, String value, String failure) {
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                if (spoken(((Enum<?>) constant).name()).equalsIgnoreCase(spoken(value))) {
                    return constant;
                }
            }
        }
        return NOT_HANDLED;
    }
}
