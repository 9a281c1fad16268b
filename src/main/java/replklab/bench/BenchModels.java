package replklab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import replklab.base.UsageException;
import replklab.model.KernelForm;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/** The networks that {@code bench model} measures; {@code networks.py} holds the same ones for PyTorch. */
final class BenchModels {
    /** What is measured by default. */
    static final String DEFAULT = "replknet-31b";

    private static final Pattern MOBILENET = Pattern.compile("mobilenetv2-([0-3]\\.\\d{1,2})");

    private BenchModels() {}

    /** Throws unless there is a network of that name. */
    static void require(String name) {
        if (!RepLKNetConfig.names().contains(name) && !MOBILENET.matcher(name).matches()) {
            List<String> known = new ArrayList<>(RepLKNetConfig.names());
            known.addAll(List.of("mobilenetv2-0.75", "mobilenetv2-1.0"));
            throw UsageException.unknown("model", name, known);
        }
    }

    /**
     * A network with random weights.
     *
     * @param folded for inference: merged and folded; otherwise as it is trained
     */
    static Layer make(String name, boolean folded) {
        SplittableRandom random = new SplittableRandom(1);
        Layer model;
        if (RepLKNetConfig.names().contains(name)) {
            KernelForm form = folded ? KernelForm.MERGED : KernelForm.TRAINING;
            model = new RepLKNet(RepLKNetConfig.named(name), form, Initialisation.uniform(random));
        } else {
            double width = Double.parseDouble(name.substring(name.indexOf('-') + 1));
            model = new MobileNetV2(MobileNetV2Config.imageNet(width), random);
        }
        return folded ? model.folded() : model.train(true);
    }
}
