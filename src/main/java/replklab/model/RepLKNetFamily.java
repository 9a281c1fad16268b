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

/** The paper's networks; options that are left out are RepLKNet-31B's. */
record RepLKNetFamily() implements Family<RepLKNetConfig> {
    @Override
    public String key() {
        return "replknet";
    }

    @Override
    public SequencedMap<String, RepLKNetConfig> named() {
        SequencedMap<String, RepLKNetConfig> named = new LinkedHashMap<>();
        RepLKNetConfig.names().forEach(name -> named.put(name, RepLKNetConfig.named(name)));
        return named;
    }

    @Override
    public RepLKNetConfig usual() {
        return RepLKNetConfig.named("replknet-31b");
    }

    @Override
    public List<String> keys() {
        return List.of(
                "kernels",
                "layers",
                "channels",
                "smallKernel",
                "dwRatio",
                "ffnRatio",
                "dropPath",
                "inputChannels",
                "classes");
    }

    @Override
    public RepLKNetConfig config(Options given, RepLKNetConfig other) {
        return new RepLKNetConfig(
                given.integers("kernels", other.kernels()),
                given.integers("layers", other.layers()),
                given.integers("channels", other.channels()),
                given.integer("smallKernel", other.smallKernel()),
                given.number("dwRatio", other.dwRatio()),
                given.number("ffnRatio", other.ffnRatio()),
                given.number("dropPath", other.dropPath()),
                given.integer("inputChannels", other.inputChannels()),
                given.integer("classes", other.classes()));
    }

    @Override
    public String options(RepLKNetConfig config) {
        return "kernels=" + joined(config.kernels())
                + ",layers=" + joined(config.layers())
                + ",channels=" + joined(config.channels())
                + ",smallKernel=" + config.smallKernel()
                + ",dwRatio=" + plain(config.dwRatio())
                + ",ffnRatio=" + plain(config.ffnRatio())
                + (config.dropPath() == 0 ? "" : ",dropPath=" + plain(config.dropPath()))
                + ",inputChannels=" + config.inputChannels();
    }

    @Override
    public int inputChannels(RepLKNetConfig config) {
        return config.inputChannels();
    }

    @Override
    public int classes(RepLKNetConfig config) {
        return config.classes();
    }

    @Override
    public RepLKNetConfig withClasses(RepLKNetConfig config, int classes) {
        return config.withData(config.inputChannels(), classes);
    }

    @Override
    public List<Integer> pyramid(RepLKNetConfig config) {
        return IntStream.range(0, config.channels().size()).boxed().toList();
    }

    @Override
    public List<Integer> resolutions(RepLKNetConfig config) {
        return pyramid(config);
    }

    @Override
    public Initialisation start(RandomGenerator random) {
        return Initialisation.uniform(random);
    }

    @Override
    public boolean hasExtraNorms() {
        return true;
    }

    @Override
    public Layer classifier(RepLKNetConfig config, KernelForm form, Initialisation start) {
        return new RepLKNet(config, form, start);
    }

    @Override
    public Backbone backbone(
            RepLKNetConfig config, List<Integer> stages, boolean norms, KernelForm form, Initialisation start) {
        return new RepLKNetBackbone(config, stages, norms, form, start);
    }
}
