package replklab.experiment;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import replklab.base.Digests;

/**
 * One run of an experiment.
 *
 * @param variant level by factor
 * @param seed decides everything random in it
 */
public record RunPlan(Map<String, String> variant, long seed) {
    /** File systems take 255 bytes, and other names are made from this one. */
    private static final int LONGEST_NAME = 200;

    /** The runs of an experiment, seed by seed, so that an unfinished sweep already has whole pairs. */
    public static List<RunPlan> of(ExperimentSpec spec) {
        List<RunPlan> plans = new ArrayList<>();
        for (long seed : spec.seedList()) {
            for (Map<String, String> variant : spec.combinations()) {
                plans.add(new RunPlan(variant, seed));
            }
        }
        return plans;
    }

    /** The variant in words, such as {@code shortcut=with kernel=13}. */
    public String label() {
        return variant.entrySet().stream()
                .map(level -> level.getKey() + "=" + level.getValue())
                .collect(Collectors.joining(" "));
    }

    /** The run's name: variant and seed. */
    public String name() {
        return label() + " seed=" + seed;
    }

    /** The name of the run's folder, another one for each run of an experiment. */
    public String folder() {
        String name = variant.entrySet().stream()
                        .map(level -> plain(level.getKey()) + "=" + plain(level.getValue()) + ",")
                        .collect(Collectors.joining())
                + "seed=" + seed;
        return name.length() <= LONGEST_NAME
                ? name
                : name.substring(0, LONGEST_NAME - 17) + "-" + Digests.of(name).substring(0, 16);
    }

    /** A part of a file name, with everything unusual as its bytes in hexadecimal: so no two texts become one. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            boolean usual = (each > 0 && Character.isLetterOrDigit((char) each)) || "._+-".indexOf(each) >= 0;
            plain.append(
                    usual
                            ? String.valueOf((char) each)
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(each));
        }
        return plain.toString();
    }
}
