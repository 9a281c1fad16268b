package replklab.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import replklab.base.UsageException;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.nn.Layer;

/** The networks that {@code bench model} measures; {@code networks.py} holds the same ones for PyTorch. */
final class BenchModels {
    /** What is measured by default. */
    static final String DEFAULT = "mobilenetv2-0.75";

    private static final Pattern MOBILENET = Pattern.compile("mobilenetv2-(0\\.\\d{1,2}|1\\.\\d{1,2}|1|2)");
    private static final List<String> KNOWN = List.of("mobilenetv2-0.75", "mobilenetv2-1.0");

    private BenchModels() {}

    /** Throws unless there is a network of that name. */
    static void require(String name) {
        if (!MOBILENET.matcher(name).matches()) {
            throw UsageException.unknown("model", name, KNOWN);
        }
    }

    /**
     * A network with random weights.
     *
     * @param folded for inference: merged and folded; otherwise as it is trained
     */
    static Layer make(String name, boolean folded) {
        double width = Double.parseDouble(name.substring("mobilenetv2-".length()));
        return new MobileNetV2(MobileNetV2Config.imageNet(width), new SplittableRandom(1)).train(!folded);
    }
}
