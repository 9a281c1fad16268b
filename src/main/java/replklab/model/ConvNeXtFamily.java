package replklab.model;

import static replklab.model.NetworkNames.joined;
import static replklab.model.NetworkNames.plain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import replklab.base.Options;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/** ConvNeXt in its published sizes (Liu et al. 2022, section 3), and with kernels of any size. It has nothing to merge. */
record ConvNeXtFamily() implements Family<ConvNeXtConfig> {
    private static final List<Integer> SHALLOW = List.of(3, 3, 9, 3);
    private static final List<Integer> DEEP = List.of(3, 3, 27, 3);

    @Override
    public String key() {
        return "convnext";
    }

    @Override
    public SequencedMap<String, ConvNeXtConfig> named() {
        SequencedMap<String, ConvNeXtConfig> named = new LinkedHashMap<>();
        named.put("convnext-t", sized(SHALLOW, 96));
        named.put("convnext-s", sized(DEEP, 96));
        named.put("convnext-b", sized(DEEP, 128));
        named.put("convnext-l", sized(DEEP, 192));
        named.put("convnext-xl", sized(DEEP, 256));
        return named;
    }

    private static ConvNeXtConfig sized(List<Integer> layers, int width) {
        ConvNeXtConfig tiny = ConvNeXtConfig.tiny(7);
        return new ConvNeXtConfig(
                tiny.kernels(),
                layers,
                List.of(width, 2 * width, 4 * width, 8 * width),
                tiny.stemSize(),
                tiny.layerScale(),
                0,
                tiny.inputChannels(),
                tiny.classes());
    }

    @Override
    public ConvNeXtConfig usual() {
        return ConvNeXtConfig.tiny(7);
    }

    @Override
    public List<String> keys() {
        return List.of(
                "kernels", "layers", "channels", "stemSize", "layerScale", "dropPath", "inputChannels", "classes");
    }

    @Override
    public ConvNeXtConfig config(Options given, ConvNeXtConfig other) {
        return new ConvNeXtConfig(
                given.integers("kernels", other.kernels()),
                given.integers("layers", other.layers()),
                given.integers("channels", other.channels()),
                given.integer("stemSize", other.stemSize()),
                given.number("layerScale", other.layerScale()),
                given.number("dropPath", other.dropPath()),
                given.integer("inputChannels", other.inputChannels()),
                given.integer("classes", other.classes()));
    }

    @Override
    public String options(ConvNeXtConfig config) {
        return "kernels=" + joined(config.kernels())
                + ",layers=" + joined(config.layers())
                + ",channels=" + joined(config.channels())
                + ",stemSize=" + config.stemSize()
                + (config.layerScale() == usual().layerScale() ? "" : ",layerScale=" + plain(config.layerScale()))
                + (config.dropPath() == 0 ? "" : ",dropPath=" + plain(config.dropPath()))
                + ",inputChannels=" + config.inputChannels();
    }

    @Override
    public int inputChannels(ConvNeXtConfig config) {
        return config.inputChannels();
    }

    @Override
    public int classes(ConvNeXtConfig config) {
        return config.classes();
    }

    @Override
    public ConvNeXtConfig withClasses(ConvNeXtConfig config, int classes) {
        return config.withData(config.inputChannels(), classes);
    }

    @Override
    public List<Integer> pyramid(ConvNeXtConfig config) {
        return IntStream.range(0, config.channels().size()).boxed().toList();
    }

    @Override
    public List<Integer> resolutions(ConvNeXtConfig config) {
        return pyramid(config);
    }

    @Override
    public Initialisation start(RandomGenerator random) {
        return Initialisation.normal(random);
    }

    @Override
    public Layer classifier(ConvNeXtConfig config, KernelForm form, Initialisation start) {
        return new ConvNeXt(config, start);
    }

    @Override
    public Backbone backbone(
            ConvNeXtConfig config, List<Integer> stages, boolean norms, KernelForm form, Initialisation start) {
        return new ConvNeXtBackbone(config, stages, start);
    }
}
