package replklab.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import replklab.base.UsageException;

/** What a network's name says behind its colon, {@code key=value,key=value}: each key once. */
final class NameOptions {
    private final String family;
    private final Map<String, String> given = new LinkedHashMap<>();

    /**
     * @param family is named in messages
     * @param parts of the form {@code key=value}
     * @param keys that there are
     * @throws UsageException naming what is no option, unknown with the near ones, or given twice
     */
    NameOptions(String family, List<String> parts, List<String> keys) {
        this.family = family;
        for (String part : parts) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new UsageException("'" + part + "' among the options of " + family + " is no key=value; keys are "
                        + String.join(", ", keys));
            }
            String key = part.substring(0, equals);
            if (!keys.contains(key)) {
                throw UsageException.unknown("key of " + family, key, keys);
            }
            if (given.put(key, part.substring(equals + 1)) != null) {
                throw new UsageException(key + " of " + family + " stands twice");
            }
        }
    }

    /** Text with commas between its parts. */
    static List<String> split(String text) {
        return List.of(text.split(",", -1));
    }

    boolean has(String key) {
        return given.containsKey(key);
    }

    int integer(String key, int usual) {
        return has(key) ? integer(key, given.get(key), "a whole number") : usual;
    }

    /** Whole numbers with {@code -} between. */
    List<Integer> integers(String key, List<Integer> usual) {
        if (!has(key)) {
            return usual;
        }
        List<Integer> values = new ArrayList<>();
        for (String value : given.get(key).split("-", -1)) {
            values.add(integer(key, value, "whole numbers with - between"));
        }
        return values;
    }

    double number(String key, double usual) {
        try {
            return has(key) ? Double.parseDouble(given.get(key)) : usual;
        } catch (NumberFormatException e) {
            throw wrong(key, given.get(key), "a number");
        }
    }

    boolean flag(String key, boolean usual) {
        return switch (given.getOrDefault(key, usual ? "yes" : "no")) {
            case "yes" -> true;
            case "no" -> false;
            case String other -> throw wrong(key, other, "yes or no");
        };
    }

    private int integer(String key, String value, String wanted) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw wrong(key, value, wanted);
        }
    }

    private UsageException wrong(String key, String value, String wanted) {
        return new UsageException(key + " of " + family + " has '" + value + "'; it must be " + wanted);
    }

    /** Whole numbers as {@link #integers} reads them. */
    static String joined(List<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }

    /** A number without a needless point. */
    static String plain(double value) {
        return value == (int) value ? String.valueOf((int) value) : String.valueOf(value);
    }

    static String yesNo(boolean value) {
        return value ? "yes" : "no";
    }
}
