package replklab.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.UsageException;

/**
 * RepLKNets in words: the paper's names, such as {@code replknet-31b}, and for any other {@code
 * replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,small=5,dw-ratio=1,classes=10}. Keys that are left out are
 * RepLKNet-31B's.
 */
public final class RepLKNetName {
    private static final String OTHER = "replknet:";
    private static final String USUAL = "replknet-31b";
    private static final List<String> KEYS =
            List.of("kernels", "layers", "channels", "small", "dw-ratio", "ffn-ratio", "input-channels", "classes");

    private RepLKNetName() {}

    /**
     * The network that is meant.
     *
     * @throws UsageException if there is none, with near names, or saying what is wrong with a value
     */
    public static RepLKNetConfig parse(String text) {
        if (!text.startsWith(OTHER)) {
            if (RepLKNetConfig.names().contains(text)) {
                return RepLKNetConfig.named(text);
            }
            List<String> known = Stream.concat(
                            RepLKNetConfig.names().stream(), Stream.of("replknet:kernels=...,channels=..."))
                    .toList();
            throw UsageException.unknown("architecture", text, known);
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (String part : text.substring(OTHER.length()).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new UsageException(
                        "'" + part + "' in " + text + " is no key=value; keys are " + String.join(", ", KEYS));
            }
            String key = part.substring(0, equals);
            if (!KEYS.contains(key)) {
                throw UsageException.unknown("key of replknet", key, KEYS);
            }
            if (given.put(key, part.substring(equals + 1)) != null) {
                throw new UsageException(key + " stands twice in " + text);
            }
        }
        RepLKNetConfig usual = RepLKNetConfig.named(USUAL);
        return new RepLKNetConfig(
                perStage(given, "kernels", usual.kernels()),
                perStage(given, "layers", usual.layers()),
                perStage(given, "channels", usual.channels()),
                integer(given, "small", usual.smallKernel()),
                number(given, "dw-ratio", usual.dwRatio()),
                number(given, "ffn-ratio", usual.ffnRatio()),
                0,
                integer(given, "input-channels", usual.inputChannels()),
                integer(given, "classes", usual.classes()));
    }

    private static List<Integer> perStage(Map<String, String> given, String key, List<Integer> usual) {
        if (!given.containsKey(key)) {
            return usual;
        }
        List<Integer> values = new ArrayList<>();
        for (String value : given.get(key).split("-", -1)) {
            values.add(integer(key, value, "numbers with - between, one a stage"));
        }
        return values;
    }

    private static int integer(Map<String, String> given, String key, int usual) {
        return given.containsKey(key) ? integer(key, given.get(key), "a whole number") : usual;
    }

    private static int integer(String key, String value, String wanted) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new UsageException(key + " of replknet has '" + value + "'; it must be " + wanted);
        }
    }

    private static double number(Map<String, String> given, String key, double usual) {
        try {
            return given.containsKey(key) ? Double.parseDouble(given.get(key)) : usual;
        } catch (NumberFormatException e) {
            throw new UsageException(key + " of replknet has '" + given.get(key) + "'; it must be a number");
        }
    }

    /** The words for a network, which {@link #parse} reads; its drop path is in none. */
    public static String of(RepLKNetConfig config) {
        RepLKNetConfig still = config.withDropPath(0);
        return RepLKNetConfig.names().stream()
                .filter(name -> RepLKNetConfig.named(name).equals(still))
                .findFirst()
                .orElseGet(() -> OTHER
                        + "kernels=" + joined(config.kernels())
                        + ",layers=" + joined(config.layers())
                        + ",channels=" + joined(config.channels())
                        + ",small=" + config.smallKernel()
                        + ",dw-ratio=" + plain(config.dwRatio())
                        + ",ffn-ratio=" + plain(config.ffnRatio())
                        + ",input-channels=" + config.inputChannels()
                        + ",classes=" + config.classes());
    }

    private static String joined(List<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }

    private static String plain(double value) {
        return value == (int) value ? String.valueOf((int) value) : String.valueOf(value);
    }
}
