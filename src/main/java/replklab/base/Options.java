package replklab.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The options that a file or a name gives to something: each is asked for by its key and type, with a value for where it is left
 * out. What was given and nobody asked for is a mistake, which {@link #requireAllAsked} tells; so ask for every option there is,
 * whatever the others say. Whoever makes a model, a data set, a probe or a metric gets them; the library asks whether all were
 * asked for.
 *
 * <p>Every method throws {@link UsageException} for a value of another kind, naming the key, the value and what is allowed.
 */
public final class Options {
    private static final String NUMBER = "a number";
    private static final String WHOLE = "a whole number";
    private static final String FLAG = "true or false";
    private static final String TEXT = "text";

    private final String where;
    private final Map<String, Object> given;
    private final boolean words;
    private final Set<String> asked = new LinkedHashSet<>();

    private Options(String where, Map<String, Object> given, boolean words) {
        this.where = where;
        this.given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
        this.words = words;
    }

    /**
     * Options as a file has them.
     *
     * @param where stands before the keys in messages, such as {@code "model"}
     * @param given numbers, texts, truth values, and lists of them, by key
     */
    public static Options of(String where, Map<String, ?> given) {
        return new Options(where, new LinkedHashMap<>(given), false);
    }

    /**
     * Options as a name has them behind its colon: {@code key=value,key=value}, lists as {@code 3-5-7}, truth as {@code yes} and
     * {@code no}.
     *
     * @param where as in {@link #of}
     * @throws UsageException naming what is no {@code key=value}, or stands twice
     */
    public static Options parse(String where, String text) {
        Map<String, Object> given = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new UsageException("'" + part + "' among the options of " + where + " is no key=value");
            }
            String key = part.substring(0, equals);
            if (given.put(key, part.substring(equals + 1)) != null) {
                throw new UsageException(key + " of " + where + " stands twice");
            }
        }
        return new Options(where, given, true);
    }

    /** The same options with one more or another one. */
    public Options with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(given);
        more.put(key, words ? String.valueOf(value) : value);
        return new Options(where, more, words);
    }

    /** The same options without some. */
    public Options without(String... keys) {
        Map<String, Object> fewer = new LinkedHashMap<>(given);
        Arrays.asList(keys).forEach(fewer.keySet()::remove);
        return new Options(where, fewer, words);
    }

    /** The same options where keys that have another name now are called by it. */
    public Options renamed(Map<String, String> names) {
        Map<String, Object> now = new LinkedHashMap<>();
        given.forEach((key, value) -> {
            if (now.put(names.getOrDefault(key, key), value) != null) {
                throw new UsageException(names.getOrDefault(key, key) + " of " + where + " stands twice");
            }
        });
        return new Options(where, now, words);
    }

    /** The keys that were given, in their order. */
    public Set<String> keys() {
        return given.keySet();
    }

    /** Whether an option was given; to ask this counts as asking for it. */
    public boolean has(String key) {
        asked.add(key);
        return given.get(key) != null;
    }

    /** A whole number that must be given. */
    public int integer(String key) {
        return value(key, WHOLE, this::integerOf);
    }

    /** A whole number. */
    public int integer(String key, int usual) {
        return has(key) ? integer(key) : usual;
    }

    /** A number that must be given. */
    public double number(String key) {
        return value(key, NUMBER, this::numberOf);
    }

    /** A number. */
    public double number(String key, double usual) {
        return has(key) ? number(key) : usual;
    }

    /** True or false; must be given. */
    public boolean flag(String key) {
        return value(key, words ? "yes or no" : FLAG, this::flagOf);
    }

    /** True or false. */
    public boolean flag(String key, boolean usual) {
        return has(key) ? flag(key) : usual;
    }

    /** A text that must be given. */
    public String text(String key) {
        return value(key, TEXT, Options::textOf);
    }

    /** A text. */
    public String text(String key, String usual) {
        return has(key) ? text(key) : usual;
    }

    /** Whole numbers that must be given. */
    public List<Integer> integers(String key) {
        return list(key, "whole numbers", "[3, 5]", this::integerOf);
    }

    /** Whole numbers. */
    public List<Integer> integers(String key, List<Integer> usual) {
        return has(key) ? integers(key) : usual;
    }

    /** Numbers that must be given. */
    public List<Double> numbers(String key) {
        return list(key, "numbers", "[0.5, 1]", this::numberOf);
    }

    /** Numbers. */
    public List<Double> numbers(String key, List<Double> usual) {
        return has(key) ? numbers(key) : usual;
    }

    /** Texts that must be given. */
    public List<String> texts(String key) {
        return list(key, "texts", "[one, two]", Options::textOf);
    }

    /** Texts. */
    public List<String> texts(String key, List<String> usual) {
        return has(key) ? texts(key) : usual;
    }

    /**
     * The error for a value that is of the right kind and not allowed, to be thrown.
     *
     * @param allowed such as {@code "at least 1"}
     */
    public UsageException wrong(String key, String allowed) {
        return new UsageException(where + "." + key + " is " + shown(given.get(key)) + "; it must be " + allowed);
    }

    /**
     * Throws unless every option that was given has been asked for.
     *
     * @throws UsageException naming one that was not, with the near ones of those that were
     */
    public void requireAllAsked() {
        requireKnown(asked);
    }

    /** Throws unless every option that was given is among the known ones. */
    public void requireKnown(Collection<String> known) {
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                throw new UsageException(where + ": "
                        + (known.isEmpty()
                                ? "unknown key '" + Shown.of(key) + "'; there are no options here"
                                : UsageException.unknown("key", Shown.of(key), known)
                                        .getMessage()));
            }
        }
    }

    /** Throws if one of these was not given. */
    public void requireGiven(Collection<String> keys) {
        keys.forEach(this::required);
    }

    private Object required(String key) {
        if (!has(key)) {
            List<String> others = given.keySet().stream()
                    .filter(each -> !asked.contains(each))
                    .toList();
            for (String meant : NearNames.of(key, others)) {
                throw new UsageException(where + ": unknown key '" + Shown.of(meant) + "'; did you mean " + key + "?");
            }
            throw new UsageException(where + "." + key + " is missing");
        }
        return given.get(key);
    }

    /** @param of gives null for what is of another kind */
    private <T> T value(String key, String wanted, Function<Object, T> of) {
        T value = of.apply(required(key));
        if (value == null) {
            throw wrong(key, wanted);
        }
        return value;
    }

    private <T> List<T> list(String key, String wanted, String example, Function<Object, T> of) {
        Object value = required(key);
        List<?> entries = switch (value) {
            case List<?> list -> list;
            case String text when words -> List.of(text.split("-", -1));
            default -> throw wrong(key, "a list of " + wanted + ", such as " + example);
        };
        List<T> list = new ArrayList<>();
        for (Object entry : entries) {
            T each = entry == null ? null : of.apply(entry);
            if (each == null) {
                throw wrong(key, words ? wanted + " with - between" : "a list of " + wanted + ", such as " + example);
            }
            list.add(each);
        }
        return List.copyOf(list);
    }

    private Integer integerOf(Object value) {
        return switch (value) {
            case Integer number -> number;
            case String text when words -> parsed(text, Integer::valueOf);
            default -> null;
        };
    }

    private Double numberOf(Object value) {
        Double number = switch (value) {
            case Number each -> each.doubleValue();
            case String text when words -> parsed(text, Double::valueOf);
            default -> null;
        };
        return number == null || Double.isFinite(number) ? number : null;
    }

    private Boolean flagOf(Object value) {
        return switch (value) {
            case Boolean flag -> flag;
            case String text when words && text.equals("yes") -> true;
            case String text when words && text.equals("no") -> false;
            default -> null;
        };
    }

    private static String textOf(Object value) {
        return value instanceof List<?> || value instanceof Map<?, ?> ? null : String.valueOf(value);
    }

    private static <T> T parsed(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private String shown(Object value) {
        String quote = words ? "'" : "\"";
        return value instanceof String text ? quote + Shown.of(text) + quote : Shown.of(String.valueOf(value));
    }

    /** The options as {@link #parse} reads them; empty where one cannot be written so, such as a text with a comma. */
    public Optional<String> words() {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, Object> option : given.entrySet()) {
            Optional<String> value = word(option.getValue());
            if (value.isEmpty()) {
                return value;
            }
            parts.add(option.getKey() + "=" + value.get());
        }
        return Optional.of(String.join(",", parts));
    }

    private Optional<String> word(Object value) {
        String word = switch (value) {
            case null -> "";
            case Boolean flag -> flag ? "yes" : "no";
            case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining("-"));
            default -> String.valueOf(value);
        };
        boolean plain = !word.isEmpty() && !word.contains(",") && !(value instanceof Map);
        boolean cut = value instanceof List<?> list
                && list.stream().anyMatch(each -> String.valueOf(each).contains("-"));
        return plain && !cut ? Optional.of(word) : Optional.empty();
    }

    /** The options as they were given, such as {@code {width=3}}. */
    @Override
    public String toString() {
        return Shown.of(given.toString());
    }
}
