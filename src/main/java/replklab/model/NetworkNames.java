package replklab.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import replklab.base.Options;

/** How a network's name says its options behind the colon. */
final class NetworkNames {
    /** What options were called before files and names had one spelling; ONNX files that were written then have such names. */
    private static final Map<String, String> EARLIER = Map.of(
            "small", "smallKernel",
            "dw-ratio", "dwRatio",
            "ffn-ratio", "ffnRatio",
            "stem", "stemSize",
            "stem-stride", "stemStride",
            "last-channels", "lastChannels",
            "pool-scales", "poolScales",
            "auxiliary", "auxiliaryChannels",
            "input-channels", "inputChannels");

    private NetworkNames() {}

    /** The options of a family's network. */
    static Options options(String family, String text) {
        return Options.parse(family, text).renamed(EARLIER);
    }

    /** Whole numbers as {@link Options#integers} reads them. */
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
