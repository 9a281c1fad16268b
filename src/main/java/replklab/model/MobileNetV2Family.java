package replklab.model;

import static replklab.model.NetworkNames.joined;
import static replklab.model.NetworkNames.plain;
import static replklab.model.NetworkNames.yesNo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import replklab.base.Options;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/** MobileNetV2 at the original's width and at that of the paper's ablations, with their options. */
record MobileNetV2Family() implements Family<MobileNetV2Config> {
    @Override
    public String key() {
        return "mobilenetv2";
    }

    @Override
    public SequencedMap<String, MobileNetV2Config> named() {
        SequencedMap<String, MobileNetV2Config> named = new LinkedHashMap<>();
        named.put("mobilenetv2", usual());
        named.put("mobilenetv2-0.75", MobileNetV2Config.imageNet(0.75));
        return named;
    }

    @Override
    public MobileNetV2Config usual() {
        return MobileNetV2Config.imageNet(1);
    }

    @Override
    public List<String> keys() {
        return List.of(
                "width",
                "kernel",
                "kernels",
                "smallKernel",
                "dilation",
                "shortcut",
                "stemStride",
                "strides",
                "blocks",
                "lastChannels",
                "inputChannels",
                "classes");
    }

    @Override
    public Set<String> optional() {
        return Set.of("kernels", "blocks", "smallKernel", "dilation");
    }

    @Override
    public MobileNetV2Config config(Options given, MobileNetV2Config other) {
        return new MobileNetV2Config(
                given.number("width", other.width()),
                given.integer("kernel", other.kernel()),
                given.integers("kernels", other.kernels()),
                given.integer("smallKernel", other.smallKernel()),
                given.integer("dilation", other.dilation()),
                given.flag("shortcut", other.shortcut()),
                given.integer("stemStride", other.stemStride()),
                given.integers("strides", other.strides()),
                given.integers("blocks", other.blocks()),
                given.integer("lastChannels", other.lastChannels()),
                given.integer("inputChannels", other.inputChannels()),
                given.integer("classes", other.classes()));
    }

    @Override
    public String options(MobileNetV2Config config) {
        return "width=" + plain(config.width())
                + (config.kernels().isEmpty() ? ",kernel=" + config.kernel() : ",kernels=" + joined(config.kernels()))
                + ",smallKernel=" + config.smallKernel()
                + ",dilation=" + config.dilation()
                + ",shortcut=" + yesNo(config.shortcut())
                + ",stemStride=" + config.stemStride()
                + ",strides=" + joined(config.strides())
                + (config.blocks().isEmpty() ? "" : ",blocks=" + joined(config.blocks()))
                + ",lastChannels=" + config.lastChannels()
                + ",inputChannels=" + config.inputChannels();
    }

    @Override
    public int inputChannels(MobileNetV2Config config) {
        return config.inputChannels();
    }

    @Override
    public int classes(MobileNetV2Config config) {
        return config.classes();
    }

    @Override
    public MobileNetV2Config withClasses(MobileNetV2Config config, int classes) {
        return new MobileNetV2Config(
                config.width(),
                config.kernel(),
                config.kernels(),
                config.smallKernel(),
                config.dilation(),
                config.shortcut(),
                config.stemStride(),
                config.strides(),
                config.blocks(),
                config.lastChannels(),
                config.inputChannels(),
                classes);
    }

    @Override
    public List<Integer> pyramid(MobileNetV2Config config) {
        return MobileNetV2Backbone.PYRAMID;
    }

    /** The stages before each stride, and the last one. */
    @Override
    public List<Integer> resolutions(MobileNetV2Config config) {
        List<Integer> strides = config.strides();
        return IntStream.range(0, strides.size())
                .filter(stage -> stage + 1 == strides.size() || strides.get(stage + 1) > 1)
                .boxed()
                .toList();
    }

    @Override
    public Initialisation start(RandomGenerator random) {
        return Initialisation.kaimingNormal(random);
    }

    @Override
    public Layer classifier(MobileNetV2Config config, KernelForm form, Initialisation start) {
        return new MobileNetV2(config, form, start);
    }

    @Override
    public Backbone backbone(
            MobileNetV2Config config, List<Integer> stages, boolean norms, KernelForm form, Initialisation start) {
        return new MobileNetV2Backbone(config, stages, form, start);
    }
}
